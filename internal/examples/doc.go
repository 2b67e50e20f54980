// Package examples holds no code of its own. Its tests run every folder of
// examples/ through a real Terraform or OpenTofu, and keep the documentation in
// step with the examples, with the schemas and with itself.
package examples
