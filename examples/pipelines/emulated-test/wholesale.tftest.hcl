# Run this on the emulator:
#   commercelayer-emulator exec -data customers.json -- terraform test
run "finds_the_customers_of_the_segment" {
  command = plan

  assert {
    condition     = output.wholesale_ids == tolist(["wHoLeSaLeA", "wHoLeSaLeC"])
    error_message = "The filter finds ${join(", ", output.wholesale_ids)}."
  }
}
