package main

import (
	"debug/buildinfo"
	"runtime/debug"
	"slices"
	"strings"
)

const modulePath = "github.com/commercelayer/terraform-provider-commercelayer"

// document is the part of CycloneDX 1.6 that Go's build information can fill. It has neither a serial number nor a
// time, both optional there, because they would differ from build to build.
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
	Ref     string `json:"bom-ref"`
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
}

// newDocument unites what all binaries were linked from: a module may serve one operating system only.
func newDocument(version string, infos []*buildinfo.BuildInfo) document {
	components := map[string]component{}

	for _, info := range infos {
		add(components, "std", strings.TrimPrefix(info.GoVersion, "go"))

		for _, module := range info.Deps {
			linked := effective(module)
			add(components, linked.Path, linked.Version)
		}
	}

	sorted := make([]component, 0, len(components))
	for _, found := range components {
		sorted = append(sorted, found)
	}

	slices.SortFunc(sorted, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })

	return document{
		Format:      "CycloneDX",
		SpecVersion: "1.6",
		Version:     1,
		Metadata:    metadata{Component: newComponent("application", modulePath, "v"+version)},
		Components:  sorted,
	}
}

// effective is the module that a replace directive put in the other one's place.
func effective(module *debug.Module) *debug.Module {
	if module.Replace != nil {
		return module.Replace
	}

	return module
}

func add(components map[string]component, path, version string) {
	found := newComponent("library", path, version)
	components[found.Ref] = found
}

// newComponent names a module by its package URL. The version's plus sign is one of the characters that it escapes.
func newComponent(kind, path, version string) component {
	purl := "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")

	return component{Ref: purl, Type: kind, Name: path, Version: version, PURL: purl}
}
