package commercelayer

import (
	"net/url"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/filter"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/jsonapi"
)

// maxRequestLine is the longest request line in bytes that is made from a list
// of keys. The API documents no bound. Servers and proxies usually accept 8 KB.
const maxRequestLine = 4096

// A keyKind is an attribute by which customers are selected.
type keyKind struct {
	attribute string
	// fold makes values equal that the API may treat as equal.
	fold func(string) string
	// notice says what changes if the API can't list customers by several keys.
	notice string
}

var (
	idKey = &keyKind{
		"id", func(id string) string { return id },
		"The API can't list customers by their IDs. From now on each customer is read alone, " +
			"which takes one request per customer.",
	}
	emailKey = &keyKind{
		"email", filter.FoldAddress,
		"The API can't list customers by several e-mail addresses. From now on each address is looked up alone, " +
			"which takes one request per address.",
	}
)

// of returns the value of a resource. It is empty if it was not sent.
func (k *keyKind) of(r *jsonapi.Resource) string {
	value, _ := r.Text(k.attribute)
	return orEmpty(value)
}

// among returns the parameter that selects customers by keys.
func (k *keyKind) among(keys []string) url.Values {
	return url.Values{filterKey(k.attribute + "_in"): {strings.Join(keys, ",")}}
}

// fitting returns how many of the keys fit into a request line. It is at least
// one.
func fitting(empty *request, keys []string) int {
	size := requestLine(empty)
	for n, one := range keys {
		size += len(url.QueryEscape(one + ","))
		if n > 0 && size > maxRequestLine {
			return n
		}
	}
	return len(keys)
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
