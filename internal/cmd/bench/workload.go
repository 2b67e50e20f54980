package main

import (
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A workload is a number of customers, and the methods that read so many.
type workload struct {
	customers int
	// runs is how often each plan is run. The run with the median time counts.
	runs    int
	methods []method
}

var workloads = []workload{
	{1, 3, []method{foreign, single}},
	{100, 3, []method{foreign, single}},
	{1_000, 1, []method{foreign, single, plural}},
	{10_000, 1, []method{plural, fields}},
}

// A method is a way to read customers.
type method struct {
	name string
	// colour is that of a bar in the chart. It can be told from white and from black.
	colour string
	source string // of the provider
	config string
}

var (
	foreign = method{"`data \"http\"`", "#8b949e", "hashicorp/http", httpEach}
	single  = method{"`commercelayer_customer`", "#8957e5", ownSource, ownEach}
	plural  = method{"`commercelayer_customers`", "#2da44e", ownSource, ownPlural}
	fields  = method{"`commercelayer_customers`, three `fields`", "#57ab7a", ownSource, ownFields}
	// limits is no plan, but the shortest time that the limits allow.
	limits = method{name: "the limits alone", colour: "#d29922"}
)

const ownSource = "commercelayer/commercelayer"

const variables = `
variable "domain" { type = string }
variable "token" { type = string }
variable "ids" { type = list(string) }
`

const ownBlock = variables + `
terraform {
  required_providers {
    commercelayer = { source = "commercelayer/commercelayer" }
  }
}
provider "commercelayer" {
  domain = var.domain
  token  = var.token
}
`

const ownEach = ownBlock + `
data "commercelayer_customer" "each" {
  for_each = toset(var.ids)
  id       = each.key
}
output "read" { value = length(data.commercelayer_customer.each) }
`

const httpEach = variables + `
terraform {
  required_providers {
    http = { source = "hashicorp/http" }
  }
}
data "http" "each" {
  for_each = toset(var.ids)
  url      = "${var.domain}/api/customers/${each.key}"
  request_headers = {
    Accept        = "application/vnd.api+json"
    Authorization = "Bearer ${var.token}"
  }
}
output "read" { value = length([for c in data.http.each : jsondecode(c.response_body).data.id]) }
`

const ownPlural = ownBlock + `
data "commercelayer_customers" "all" {
  limit = length(var.ids)
}
output "read" { value = length(data.commercelayer_customers.all.customers) }
`

const ownFields = ownBlock + `
data "commercelayer_customers" "all" {
  limit  = length(var.ids)
  fields = ["status", "reference", "total_orders_count"]
}
output "read" { value = length(data.commercelayer_customers.all.customers) }
`

// schedule tells when each request may be sent at the earliest, if the fewest
// possible requests are sent: those with 25 customers in each answer. The last one
// is the shortest time that the limits allow.
//
// Two rules give the time of a request. With a burst limit of 25, it must come at
// least ten seconds after the request 25 places before it. With an average limit
// of 100, it must come at least a minute after the request 100 places before it.
func schedule(customers int) []time.Duration {
	l := emulator.DocumentedLimits(false)
	at := make([]time.Duration, (customers+24)/25)
	for k := range at {
		if k >= l.Burst {
			at[k] = at[k-l.Burst] + l.BurstInterval
		}
		if k >= l.Average {
			at[k] = max(at[k], at[k-l.Average]+l.AverageInterval)
		}
	}
	return at
}
