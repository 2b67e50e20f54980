package main

import (
	"slices"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/cmd/internal/linked"
)

const modulePath = "github.com/commercelayer/terraform-provider-commercelayer"

// ownLicence is the licence of this project.
const ownLicence = "MPL-2.0"

// document is the part of CycloneDX 1.6 that Go's build information can fill.
// The format also has a serial number and a time, and both are optional. They are
// left out, because they would differ from build to build.
type document struct {
	Format      string      `json:"bomFormat"`
	SpecVersion string      `json:"specVersion"`
	Version     int         `json:"version"`
	Metadata    metadata    `json:"metadata"`
	Components  []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Ref      string    `json:"bom-ref"`
	Type     string    `json:"type"`
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	Licences []licence `json:"licenses"`
	PURL     string    `json:"purl"`
}

// licence is one entry in the list of licences. CycloneDX wants the SPDX
// identifier in an object of its own.
type licence struct {
	License struct {
		ID string `json:"id"`
	} `json:"license"`
}

// newDocument describes a program. Its package is given by the path in the
// module, which is empty for the provider.
func newDocument(pkg, version string, modules []linked.Module) (document, error) {
	components := make([]component, 0, len(modules))

	for _, module := range modules {
		ids, err := module.Licences()
		if err != nil {
			return document{}, err
		}

		components = append(components, newComponent("library", module.Path, module.Version, ids...))
	}

	slices.SortFunc(components, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })

	program := newComponent("application", modulePath, "v"+version, ownLicence)
	if pkg != "" {
		// In a package URL, a folder inside the module follows a number sign.
		program.Name += "/" + pkg
		program.PURL += "#" + pkg
		program.Ref = program.PURL
	}
	return document{
		Format:      "CycloneDX",
		SpecVersion: "1.6",
		Version:     1,
		Metadata:    metadata{Component: program},
		Components:  components,
	}, nil
}

// newComponent names a module by its package URL. A version can contain a plus
// sign, which has to be escaped there.
func newComponent(kind, path, version string, ids ...string) component {
	purl := "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")
	c := component{Ref: purl, Type: kind, Name: path, Version: version, PURL: purl}

	for _, id := range ids {
		var l licence

		l.License.ID = id
		c.Licences = append(c.Licences, l)
	}
	return c
}
