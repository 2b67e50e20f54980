package provider

import (
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// configurations remembers the first configuration of a process. A CLI usually
// starts one process for each provider block. With -debug one process serves
// all provider blocks, and a request does not say which block it belongs to.
// Without this check, reads of the first block would go to the organization of
// the second block after that was configured.
type configurations struct {
	mu     sync.Mutex
	config tftypes.Value
	data   *providerData
}

// secondConfiguration is the error text for a configuration that is refused.
const secondConfiguration = "This process of the provider was already configured, with other values. " +
	"With -debug, one process serves every provider block. It can't tell which block a read belongs to, so it " +
	"might read from the wrong organization.\n\n" +
	"Use only one block of this provider while you debug it. If the block has changed since the process started, or " +
	"its values were not known then, start the process again."

// use returns the data for reads. The first configuration is accepted, and so
// is each later configuration that equals it: use then returns the given data.
// Any other configuration is refused: use then returns the data of the first
// configuration.
func (c *configurations) use(config tftypes.Value, data *providerData) (inUse *providerData, accepted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.data != nil && !c.config.Equal(config) {
		return c.data, false
	}
	c.config, c.data = config, data
	return data, true
}
