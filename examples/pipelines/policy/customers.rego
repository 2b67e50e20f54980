# The customers of a plan are in prior_state, in the root module or in a nested
# one. They are not in resource_changes, because a plan never changes a customer.
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

# Without a customer there is nothing to check, so the plan must not pass.
deny contains "the plan has read no customer" if count(read) == 0

deny contains message if {
	some customer in read
	customer.mode != "test"
	message := sprintf("customer %s is of the mode %s", [customer.id, customer.mode])
}

deny contains message if {
	some customer in read
	customer.anonymization_status == "completed"
	message := sprintf("customer %s was anonymized: remove the customer", [customer.id])
}
