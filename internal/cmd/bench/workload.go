package main

import (
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// A workload is a configuration that reads a number of customers.
type workload struct {
	name      string
	customers int
	config    string
	// foreign tells that the plan uses data "http" and not this provider.
	foreign bool
	// runs is how often the plan is run. The run with the median time counts.
	runs int
}

// A condition is how the emulated API behaves during a plan.
type condition struct {
	name    string
	options []emulator.Option
}

// limitedName is the name of the condition in which the limits are enforced.
const limitedName = "test limits"

var conditions = []condition{
	{name: "no limits"},
	{name: "50 ms latency", options: []emulator.Option{emulator.WithLatency(50 * time.Millisecond)}},
	{name: limitedName, options: []emulator.Option{emulator.WithLimits()}},
}

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

var workloads = []workload{
	{name: "`commercelayer_customer`", customers: 1, config: ownEach, runs: 3},
	{name: "`data \"http\"`", customers: 1, config: httpEach, foreign: true, runs: 3},
	{name: "`commercelayer_customer`, `for_each`", customers: 100, config: ownEach, runs: 3},
	{name: "`data \"http\"`, `for_each`", customers: 100, config: httpEach, foreign: true, runs: 3},
	{name: "`commercelayer_customer`, `for_each`", customers: 1_000, config: ownEach, runs: 1},
	{name: "`data \"http\"`, `for_each`", customers: 1_000, config: httpEach, foreign: true, runs: 1},
	{name: pluralName, customers: 1_000, config: ownPlural, runs: 3},
	{name: pluralName, customers: 10_000, config: ownPlural, runs: 1},
	{name: fieldsName, customers: 10_000, config: ownFields, runs: 1},
}

// floor is the shortest time that the limits allow. It is the time of the last
// request when the workload sends the fewest possible requests, with 25 customers
// in each answer.
//
// Two rules give the time of a request. With a burst limit of 25, it must come at
// least ten seconds after the request 25 places before it. With an average limit
// of 100, it must come at least a minute after the request 100 places before it.
func (w workload) floor() time.Duration {
	l := emulator.DocumentedLimits(false)
	requests := (w.customers + 24) / 25
	at := make([]time.Duration, requests)
	for k := range at {
		if k >= l.Burst {
			at[k] = at[k-l.Burst] + l.BurstInterval
		}
		if k >= l.Average {
			at[k] = max(at[k], at[k-l.Average]+l.AverageInterval)
		}
	}
	return at[requests-1]
}
