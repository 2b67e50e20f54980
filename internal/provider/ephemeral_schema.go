package provider

import (
	"fmt"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	ephemeral "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
)

// ephemeralAttributes turns the attributes of a data source into those of an
// ephemeral resource: the framework has two sets of types for the same thing,
// and a second table would have to be kept in step. Kinds of attributes that no
// data source of this provider has are a bug that the first test shows.
func ephemeralAttributes(attributes map[string]datasource.Attribute) map[string]ephemeral.Attribute {
	converted := make(map[string]ephemeral.Attribute, len(attributes))
	for name, attribute := range attributes {
		converted[name] = ephemeralAttribute(name, attribute)
	}
	return converted
}

func ephemeralAttribute(name string, attribute datasource.Attribute) ephemeral.Attribute {
	switch a := attribute.(type) {
	case datasource.StringAttribute:
		return ephemeral.StringAttribute(a)
	case datasource.BoolAttribute:
		return ephemeral.BoolAttribute(a)
	case datasource.Int64Attribute:
		return ephemeral.Int64Attribute(a)
	case datasource.NumberAttribute:
		return ephemeral.NumberAttribute(a)
	case datasource.ListAttribute:
		return ephemeral.ListAttribute(a)
	case datasource.MapAttribute:
		return ephemeral.MapAttribute(a)
	case datasource.SingleNestedAttribute:
		return ephemeral.SingleNestedAttribute{
			Attributes:          ephemeralAttributes(a.Attributes),
			MarkdownDescription: a.MarkdownDescription,
			Computed:            a.Computed,
		}
	case datasource.ListNestedAttribute:
		return ephemeral.ListNestedAttribute{
			NestedObject: ephemeral.NestedAttributeObject{
				Attributes: ephemeralAttributes(a.NestedObject.Attributes),
			},
			MarkdownDescription: a.MarkdownDescription,
			Computed:            a.Computed,
		}
	case datasource.MapNestedAttribute:
		return ephemeral.MapNestedAttribute{
			NestedObject: ephemeral.NestedAttributeObject{
				Attributes: ephemeralAttributes(a.NestedObject.Attributes),
			},
			MarkdownDescription: a.MarkdownDescription,
			Computed:            a.Computed,
		}
	default:
		panic(fmt.Sprintf("attribute %s: %T has no ephemeral form here", name, attribute))
	}
}

// ephemeralBlock does the same for the block of timeouts.
func ephemeralBlock(block datasource.Block) ephemeral.Block {
	b, ok := block.(datasource.SingleNestedBlock)
	if !ok {
		panic(fmt.Sprintf("%T has no ephemeral form here", block))
	}
	return ephemeral.SingleNestedBlock{
		Attributes:          ephemeralAttributes(b.Attributes),
		CustomType:          b.CustomType,
		MarkdownDescription: b.MarkdownDescription,
	}
}
