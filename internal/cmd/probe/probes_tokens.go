package main

import (
	"encoding/json"
	"net/http"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// tokenProbes ask about tokens, and about the endpoint that gives tokens.
var tokenProbes = map[string]prober{
	emulator.AssumeExpiredToken: tokenProbe(func(s settings) string { return s.expired },
		"an expired token, in "+expiredVariable),
	emulator.AssumeForeignToken: tokenProbe(func(s settings) string { return s.foreign },
		"a token of another organization, in "+foreignVariable),
	emulator.AssumeOtherMode: {
		customers: 1,
		ask: func(org *organization) ([]request, string) {
			return withToken(get(customersPath+"/"+org.facts.ids()[0], "fields[customers]", "status"), org.otherMode,
				"a token of the other mode, in "+otherModeVariable)
		},
		judge: func(_ *organization, a []*answer) verdict {
			switch a[0].status {
			case http.StatusNotFound:
				return holds("answered with %s", a[0].summary())
			case http.StatusOK:
				return refutes("served")
			default:
				return tellsNot("an answer of 200 or 404: it was %s", a[0].summary())
			}
		},
	},
	emulator.AssumeOrganizationID: {
		customers: 1, requests: []request{firstPage},
		judge: func(org *organization, _ []*answer) verdict {
			told := org.claims.OrganizationID
			for _, c := range org.facts.list {
				switch c.Meta.Organization {
				case "":
				case told:
					return holds("both are the same")
				default:
					if told != "" {
						return refutes("they differ")
					}
				}
			}
			return tellsNot("a token and a customer that name the organization")
		},
	},
	emulator.AssumeTokenBasic: grantProbe(withBasic),
	emulator.AssumeTokenJSON:  grantProbe(withJSON),
	emulator.AssumeTokenError: {
		unauthorized: true,
		ask: func(org *organization) ([]request, string) {
			if org.endpoint == nil {
				return nil, "a token endpoint, in COMMERCELAYER_AUTH_ENDPOINT"
			}
			return []request{{grant: unknownInJSON}}, ""
		},
		judge: func(_ *organization, a []*answer) verdict {
			if !a[0].refused() {
				return tellsNot("a refusal: the endpoint answered %s", a[0].summary())
			}
			var one map[string]any
			if json.Unmarshal(a[0].doc.Errors, &one) == nil && one != nil {
				return holds("%s", a[0].form())
			}
			return refutes("%s", a[0].form())
		},
	},
	emulator.AssumeSelf: {
		unauthorized: true,
		requests:     []request{get("/api/organization"), get("/api/application")},
		refusal:      refuted,
		judge:        served("both are served"),
	},
}

// withToken asks with another token. Without one, it says that the token is
// missing.
func withToken(r request, token, missing string) ([]request, string) {
	if token == "" {
		return nil, missing
	}
	r.token = token
	return []request{r}, ""
}

// tokenProbe expects that another token is refused as invalid.
func tokenProbe(token func(settings) string, missing string) prober {
	return prober{
		unauthorized: true,
		ask: func(org *organization) ([]request, string) {
			return withToken(list.one(), token(org.settings), missing)
		},
		judge: func(_ *organization, a []*answer) verdict {
			switch {
			case a[0].status == http.StatusOK:
				return tellsNot("another token: this one was accepted")
			case a[0].status == http.StatusUnauthorized && a[0].code() == "INVALID_TOKEN":
				return holds("answered with %s", a[0].summary())
			default:
				return refutes("answered with %s", a[0].summary())
			}
		},
	}
}

// grantProbe expects that client credentials in this form give a token.
func grantProbe(form credentials) prober {
	return prober{
		unauthorized: true,
		ask: func(org *organization) ([]request, string) {
			if org.clientID == "" || org.clientSecret == "" {
				return nil, "client credentials and not a token"
			}
			return []request{{grant: form}}, ""
		},
		refusal: refuted,
		judge:   served("a token comes back"),
	}
}
