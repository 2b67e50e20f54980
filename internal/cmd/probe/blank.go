package main

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// blank is what a name in braces of a request stands for. When the value is empty,
// the request can't be made, because something is missing.
type blank struct {
	value, missing string
	shown          string // in the report, where the value could be personal
}

// unknownID has the form of an ID, but no resource has it.
const unknownID = "pRoBeNoOnE"

// nobody is an address that can't exist, because its domain is reserved.
const nobody = "probe-nobody@example.invalid"

// newBlanks fills in what the first page tells, without and with relationships.
func (org *organization) newBlanks(first, included *answer) map[string]blank {
	// The report shows only the beginning of an ID.
	id := func(id, missing string) blank { return blank{id, missing, id[:min(3, len(id))] + "…"} }
	unordered := unlikeText(first.ids())
	// Where there are too few customers, the values are empty.
	ids := append(first.ids(), "", "")
	// An address is written in upper case, so it needs a lower-case letter. A comma
	// would separate the values of a filter.
	emails := append(slices.DeleteFunc(first.texts("email"), func(email string) bool {
		return email == strings.ToUpper(email) || strings.Contains(email, ",")
	}), "", "")
	past := strconv.Itoa(first.Meta.Pages + 1)
	// A further token that does not say what its variable says may be refused for
	// another reason.
	token := func(value string, says bool, missing string) blank {
		if !says {
			value = ""
		}
		return blank{value, missing, ""}
	}
	own, now := org.claims.OrganizationID, time.Now()
	expired, foreign, other := commercelayer.ParseClaims(org.expired), commercelayer.ParseClaims(org.foreign),
		commercelayer.ParseClaims(org.otherMode)
	const noEmail = "a customer with a lower-case letter in the address"
	return map[string]blank{
		"{id}":        id(ids[0], "a customer"),
		"{id2}":       id(ids[1], "two customers"),
		"{unordered}": id(unordered, "customers whose IDs, in the API's order, do not follow the alphabet"),
		"{buyer}":     id(cmp.Or(buyer(first.list), ids[0]), "a customer"),
		"{ungrouped}": id(ungrouped(included), "a customer among the first 25 without a group"),
		"{email}":     {emails[0], noEmail, "…"},
		"{EMAIL}":     {strings.ToUpper(emails[0]), noEmail, "… in upper case"},
		"{email2}":    {emails[1], "two customers with addresses", "…"},
		"{addresses}": {longAddresses(), "", "long addresses of nobody"},
		"{past}":      {past, "", past},
		"{fault}":     {missing: "a server error (5xx), which no request can cause"},
		"{expired}": token(org.expired,
			expired.OrganizationID == own && !expired.ExpiresAt.IsZero() && expired.ExpiresAt.Before(now),
			"a token that says that it has expired, in "+expiredVariable),
		"{foreign}": token(org.foreign,
			foreign.OrganizationID != "" && foreign.OrganizationID != own && foreign.ExpiresAt.After(now),
			"a valid token that says that it is of another organization, in "+foreignVariable),
		"{otherMode}": token(org.otherMode,
			other.OrganizationID == own && other.Mode != "" && other.Mode != cmp.Or(org.told, commercelayer.ModeTest),
			"a token that says that it is of the other mode, in "+otherModeVariable),
	}
}

var blankPattern = regexp.MustCompile(`\{\w+\}`)

// fill puts a part of each blank in its place.
func (org *organization) fill(text string, part func(blank) string) string {
	return blankPattern.ReplaceAllStringFunc(text, func(name string) string { return part(org.blanks[name]) })
}

// missing says what is missing to make a request. It is empty when nothing is.
func (org *organization) missing(r request) string {
	for _, name := range blankPattern.FindAllString(r.path+r.token, -1) {
		if b := org.blanks[name]; b.value == "" {
			return b.missing
		}
	}
	switch {
	case r.grant != "" && org.endpoint == nil:
		return "a token endpoint, in COMMERCELAYER_AUTH_ENDPOINT"
	case (r.grant == withBasic || r.grant == withJSON) && (org.clientID == "" || org.clientSecret == ""):
		return "client credentials and not a token"
	default:
		return ""
	}
}

// buyer is the ID of the customer with the most orders. It is empty when nobody
// has an order.
func buyer(list []customer) (id string) {
	most := 0
	for _, c := range list {
		var n int
		if json.Unmarshal(c.Attributes["total_orders_count"], &n) == nil && n > most {
			id, most = c.ID, n
		}
	}
	return id
}

// ungrouped is the ID of a customer without a group. It is empty when there is
// none.
func ungrouped(included *answer) string {
	for _, c := range included.list {
		group, ok := c.Relationships["customer_group"]
		data := string(group.Data)
		if ok && included.includes() && (data == "" || data == "null" || data == "[]") {
			return c.ID
		}
	}
	return ""
}

// unlikeText finds an ID that the next one in the list precedes in the alphabet. It
// is empty when the list is in the order of the alphabet.
func unlikeText(ids []string) string {
	for i := 1; i < len(ids); i++ {
		if ids[i] < ids[i-1] {
			return ids[i-1]
		}
	}
	return ""
}

// longAddresses are addresses of nobody that make a URL of about 7,000 characters.
func longAddresses() string {
	address := "probe-nobody-" + strings.Repeat("x", 225) + "@example.invalid"
	return strings.Join(slices.Repeat([]string{address}, 27), ",")
}
