package provider

import (
	"fmt"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	ephemeral "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
)

// ephemeralAttributes converts the schema of a data source into the schema of
// an ephemeral resource. The framework has different types for the two. The
// conversion saves a second copy of each schema. It panics for a type of
// attribute that no data source of this provider has; every test that reads the
// schemas would show that.
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
		panic(fmt.Sprintf("attribute %s: %T can't be converted for an ephemeral resource", name, attribute))
	}
}

// ephemeralBlock converts the timeouts block in the same way.
func ephemeralBlock(block datasource.SingleNestedBlock) ephemeral.Block {
	return ephemeral.SingleNestedBlock{
		Attributes:          ephemeralAttributes(block.Attributes),
		MarkdownDescription: block.MarkdownDescription,
	}
}
