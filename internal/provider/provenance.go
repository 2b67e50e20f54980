package provider

import "github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/redact"

// A provenance says where the settings came from with which something is read.
// Errors then name the setting that the user made.
type provenance struct {
	// credentials is set if the provider requests its tokens itself.
	credentials bool
	// names are pairs for [strings.NewReplacer]: how the texts of errors name a
	// setting, and how the user made it.
	names []string
	// known are the configured secrets. An argument may be one of them by mistake.
	known redact.Secrets
}

// inBlock is how the texts of errors name an attribute of the provider block.
func inBlock(attribute string) string { return "`" + attribute + "` of the provider" }

// provenance returns where the settings came from.
func (r *resolution) provenance() provenance {
	p := provenance{credentials: r.credentials, known: redact.NewSecrets(r.secrets...)}
	for _, attribute := range []string{attrMode, attrToken, attrScope} {
		if made := r.made(attribute); made != "" {
			p.names = append(p.names, inBlock(attribute), made)
		}
	}
	if r.made(attrScope) == "" {
		p.names = append(p.names, inBlock(attrScope), inBlock(attrScope)+" (it is not set)")
	}
	if r.config.texts[attrClientID].IsNull() {
		p.names = append(p.names, "`"+attrClientID+"` and "+inBlock(attrClientSecret),
			variable(attrClientID)+" and "+variable(attrClientSecret))
	}
	domain, endpoint := r.made(attrDomain), r.made(attrAuthEndpoint)
	switch {
	case endpoint != "":
	case domain != "":
		endpoint = domain + ", from which the token endpoint is derived"
	default:
		endpoint = inBlock(attrAuthEndpoint) + " (it is not set, and neither is `domain`)"
	}
	if domain == "" {
		domain = inBlock(attrDomain) + " (it is not set: the access token names the host)"
	}
	p.names = append(p.names, inBlock(attrDomain), domain, inBlock(attrAuthEndpoint), endpoint)
	return p
}

// made names a setting as the user made it: the attribute, or the environment
// variable. It returns "" for a setting that was not made.
func (r *resolution) made(attribute string) string {
	switch {
	case !r.config.texts[attribute].IsNull():
		return inBlock(attribute)
	case !r.value(attribute).IsNull():
		return variable(attribute)
	}
	return ""
}
