variable "mode" {
  description = "Which customers this configuration is for."
  type        = string
  default     = "test"
}

provider "commercelayer" {
  mode = var.mode
}
