# The customers of a plan stand in prior_state, in this module or in a nested
# one. resource_changes has only what the plan would change, and it never
# changes a customer.
package customers

import rego.v1

# Every resource of every module.
resources contains resource if {
	walk(input.prior_state.values.root_module, [_, module])
	some resource in module.resources
}

read contains customer if {
	some resource in resources
	resource.mode == "data"
	resource.type == "commercelayer_customer"
	customer := resource.values
}

read contains customer if {
	some resource in resources
	resource.mode == "data"
	resource.type == "commercelayer_customers"
	some customer in resource.values.customers
}

# A plan that read nothing proves nothing.
deny contains "the plan has read no customer" if count(read) == 0

deny contains message if {
	some customer in read
	customer.mode != "test"
	message := sprintf("customer %s is of the mode %s", [customer.id, customer.mode])
}

deny contains message if {
	some customer in read
	customer.anonymization_status == "completed"
	message := sprintf("customer %s was anonymized, remove him", [customer.id])
}
