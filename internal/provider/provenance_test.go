package provider

import (
	"strings"
	"testing"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

func TestErrorsNameTheSettingThatTheUserMade(t *testing.T) {
	t.Parallel()
	config := given{"domain": "acme.commercelayer.com", "client_id": "i", "client_secret": "s"}
	const derived = ", from which the token endpoint is derived"
	for name, tt := range map[string]struct {
		config, env given
		err         error
		want        string
		not         []string
	}{
		"endpoint derived from the domain of the block": {
			config, nil, failedToken(commercelayer.ErrDNS), "Check `domain` of the provider" + derived + ", the network",
			[]string{"auth_endpoint", "COMMERCELAYER_"},
		},
		"endpoint derived from the domain of the environment": {
			nil, config, failedToken(commercelayer.ErrConnection), "Check COMMERCELAYER_DOMAIN" + derived + ", the network",
			[]string{"auth_endpoint", "`domain`"},
		},
		"endpoint of the block": {
			given{"auth_endpoint": "https://auth.example.com/oauth/token", "client_id": "i", "client_secret": "s"},
			given{"domain": "acme"}, failedToken(commercelayer.ErrNotJSON), "Check `auth_endpoint` of the provider. ",
			[]string{"COMMERCELAYER_", "domain"},
		},
		"endpoint of the environment": {
			config, given{"auth_endpoint": "https://auth.example.com/oauth/token"}, failedToken(commercelayer.ErrTimeout),
			"any proxy on the way, and COMMERCELAYER_AUTH_ENDPOINT.", []string{"`auth_endpoint`", "domain"},
		},
		"endpoint of Commerce Layer": {
			given{"client_id": "i", "client_secret": "s"}, nil, failedToken(commercelayer.ErrDNS),
			"Check `auth_endpoint` of the provider (it is not set, and neither is `domain`), the network", []string{"derived"},
		},
		"domain of the environment": {
			nil, config, failed(commercelayer.ErrDNS, byID), "Check COMMERCELAYER_DOMAIN for typing errors.",
			[]string{"`domain`"},
		},
		"domain of the block, beside one of the environment": {
			given{"domain": "acme", "token": "t"}, given{"domain": "other"}, failed(commercelayer.ErrConnection, byID),
			"Check `domain` of the provider, the network", []string{"COMMERCELAYER_"},
		},
		"domain of the token": {
			given{"token": "t"}, nil, failed(commercelayer.ErrNotJSON, byID),
			"Check `domain` of the provider (it is not set: the access token names the host).", nil,
		},
		"token of the environment": {
			nil, given{"token": "t", "domain": "acme"}, failed(commercelayer.ErrInvalidToken, byID),
			"Set another access token in COMMERCELAYER_TOKEN. ", []string{"`token`"},
		},
		"token of the block": {
			given{"token": "t", "domain": "acme"}, nil, failed(commercelayer.ErrInvalidToken, byID),
			"Set another access token in `token` of the provider. ", []string{"COMMERCELAYER_"},
		},
		"credentials of the environment": {
			nil, config, failedToken(commercelayer.ErrCredentials),
			"Compare COMMERCELAYER_CLIENT_ID and COMMERCELAYER_CLIENT_SECRET with", []string{"`client_id`"},
		},
		"credentials of the block": {
			config, nil, failedToken(commercelayer.ErrCredentials), "Compare `client_id` and `client_secret` of the provider " +
				"with",
			[]string{"COMMERCELAYER_"},
		},
		"mode of the environment": {
			config, given{"mode": "test"}, failed(commercelayer.ErrWrongMode, byID, guarded), "change COMMERCELAYER_MODE.",
			[]string{"`mode`"},
		},
	} {
		s, _ := tt.config.configuration().resolve(tt.env.lookup)
		q := byID
		q.provenance = s.provenance
		detail := diagnose(tt.err, q).Detail()
		if !strings.Contains(detail, tt.want) {
			t.Errorf("%s: %q is not in\n%s", name, tt.want, detail)
		}
		for _, not := range tt.not {
			if strings.Contains(detail, not) {
				t.Errorf("%s: %q is in\n%s", name, not, detail)
			}
		}
	}
}
