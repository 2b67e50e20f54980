# An ephemeral variable is set anew in each run, and is not stored.
variable "email" {
  type      = string
  ephemeral = true
}

ephemeral "commercelayer_customer" "invited" {
  email = var.email
}

# A provisioner may use ephemeral values. The CLI then hides what it prints.
resource "terraform_data" "invitation" {
  triggers_replace = "spring"

  provisioner "local-exec" {
    command = "echo inviting $CUSTOMER_ID"

    environment = {
      CUSTOMER_ID = ephemeral.commercelayer_customer.invited.id
    }
  }
}
