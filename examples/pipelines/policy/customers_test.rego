package customers_test

import data.customers
import rego.v1

# plan is what terraform show -json prints for a plan that read these customers:
# one by the singular data source, and a list in a module.
plan(one, list) := {
	"resource_changes": [],
	"prior_state": {"values": {"root_module": {
		"resources": [{"mode": "data", "type": "commercelayer_customer", "values": one}],
		"child_modules": [{"resources": [{
			"mode": "data",
			"type": "commercelayer_customers",
			"values": {"customers": list},
		}]}],
	}}},
}

good := {"id": "good", "mode": "test", "anonymization_status": null}

test_allows_customers_of_the_test_mode if {
	count(customers.deny) == 0 with input as plan(good, [good])
}

test_denies_live_customers if {
	customers.deny == {"customer x is of the mode live"} with input as plan({"id": "x", "mode": "live"}, [good])
}

test_denies_anonymized_customers_in_modules if {
	anonymized := {"id": "y", "mode": "test", "anonymization_status": "completed"}
	customers.deny == {"customer y was anonymized: remove the customer"} with input as plan(good, [good, anonymized])
}

test_denies_a_plan_without_customers if {
	customers.deny == {"the plan has read no customer"} with input as {"prior_state": {"values": {"root_module": {}}}}
}

test_does_not_look_at_other_resources if {
	other := {"mode": "managed", "type": "commercelayer_customer", "values": {"id": "z", "mode": "live"}}
	with_other := json.patch(plan(good, []), [{"op": "add", "path": "/prior_state/values/root_module/resources/-", "value": other}])
	count(customers.deny) == 0 with input as with_other
}
