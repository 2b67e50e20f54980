mock_provider "commercelayer" {
  mock_data "commercelayer_customer" {
    defaults = {
      status = "prospect"
    }
  }
}

run "a_new_customer_pays_the_full_price" {
  command = plan

  assert {
    condition     = output.discount == 0
    error_message = "A prospect has ordered nothing yet, and gets no discount."
  }
}

run "a_customer_who_came_back_pays_less" {
  command = plan

  override_data {
    target = data.commercelayer_customer.buyer
    values = {
      status = "repeat"
    }
  }

  assert {
    condition     = output.discount == 10
    error_message = "A repeat customer gets ten percent."
  }
}
