package provider

import (
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// configurations remembers the configuration of a server. A CLI starts a process
// for each provider block. With -debug there is one process for all of them, and
// no request says which block it belongs to: after a second block was
// configured, the first one's reads would go to the second one's organization.
type configurations struct {
	mu     sync.Mutex
	config tftypes.Value
	data   *providerData
}

// secondConfiguration explains why another configuration is refused.
const secondConfiguration = "This process of the provider was configured before, with other values. " +
	"With -debug, one process serves every provider block, and it can't tell which block a read belongs to: it " +
	"might read from the wrong organization.\n\n" +
	"Use one block of this provider while you debug it. If the block was changed since the process started, or its " +
	"values were not known before, start the process again."

// use returns what reads work with: the given data for the first configuration
// and for each one that equals it. Any other one is refused, and reads go on
// with the data of the first.
func (c *configurations) use(config tftypes.Value, data *providerData) (inUse *providerData, accepted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.data != nil && !c.config.Equal(config) {
		return c.data, false
	}
	c.config, c.data = config, data
	return data, true
}
