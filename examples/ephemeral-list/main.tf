# A plan does not need the customers. With a limit of 0 it counts them, with one
# request. The apply reads them.
ephemeral "commercelayer_customers" "invited" {
  filter = { status_eq = "repeat" }
  fields = ["email"]
  limit  = terraform.applying ? null : 0
}

resource "terraform_data" "invitations" {
  triggers_replace = "spring"

  provisioner "local-exec" {
    command = "echo inviting $(echo $ADDRESSES | wc -w) customers"

    environment = {
      ADDRESSES = join(" ", ephemeral.commercelayer_customers.invited.customers[*].email)
    }
  }
}
