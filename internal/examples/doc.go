// Package examples has only tests. They run every folder of examples/ with a
// real Terraform or OpenTofu. They also check that the documentation agrees
// with the examples and with the schemas, and that its links work.
package examples
