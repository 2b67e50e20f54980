mock_provider "commercelayer" {}

run "old_prospects_are_left_out" {
  command = plan

  override_module {
    target = module.customers
    outputs = {
      prospects = [
        { id = "oLdCuStOmE", created_at = "2018-01-01T12:00:00.000Z" },
        { id = "nEwCuStOmE", created_at = "2024-06-01T12:00:00.000Z" },
      ]
    }
  }

  assert {
    condition     = jsonencode(output.since_2020) == jsonencode(["nEwCuStOmE"])
    error_message = "Only prospects of 2020 and later are wanted."
  }
}
