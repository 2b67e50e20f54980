package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// fieldsCheck is the validator of `fields`. Which names there are is for the API
// to say, since it may have newer ones.
var fieldsCheck = checkElements("field", "the name of an attribute or a relationship, as the API has it, such as "+
	"status or customer_group", checkField)

func fieldsAttribute() schema.ListAttribute {
	return schema.ListAttribute{
		MarkdownDescription: "The attributes and relationships to read, by the names that the API has for them, such " +
			"as `[\"status\", \"metadata\", \"customer_group\"]`. Without `fields`, all are read. " +
			"An attribute that is not named is null. `relationships` holds those that are named, and those of " +
			"`include`. " +
			"`id`, `links`, `mode` and `organization_id` are always there; an empty list asks for nothing else. " +
			"`metadata` gives `metadata` and `metadata_json`, and `jwt_custom_claim` gives `jwt_custom_claim_json`.",
		ElementType: types.StringType,
		Optional:    true,
		Validators:  []validator.List{fieldsCheck},
	}
}

// ownNames are attributes that this provider has and the API has not, with what
// to do instead of naming them.
var ownNames = map[string]string{
	"metadata_json":         "it comes with metadata: name metadata",
	"jwt_custom_claim_json": "it comes with jwt_custom_claim: name jwt_custom_claim",
	"links":                 alwaysThere,
	"mode":                  alwaysThere,
	"organization_id":       alwaysThere,
	"relationships":         "name the relationships that are wanted, such as customer_group",
	"included":              "name the relationships in include",
}

const alwaysThere = "it is always there: leave it out"

// checkField tells whether a name can be one of an attribute or a relationship.
func checkField(name string) error {
	if remedy, own := ownNames[name]; own {
		return fmt.Errorf("the API has no field %q, and %s", name, remedy)
	}
	return commercelayer.CheckField(name)
}

// readSelection reads the arguments that say which parts of customers to read.
// The CLI has them validated before; whoever asks without that gets the same
// answer.
func readSelection(ctx context.Context, include, fields types.List, diags *diag.Diagnostics) commercelayer.Selection {
	var selection commercelayer.Selection
	wrong := includeCheck.problems(path.Root("include"), include)
	wrong.Append(fieldsCheck.problems(path.Root("fields"), fields)...)
	if wrong.HasError() {
		diags.Append(wrong...)
		return selection
	}
	diags.Append(include.ElementsAs(ctx, &selection.Include, false)...)
	diags.Append(fields.ElementsAs(ctx, &selection.Fields, false)...)
	return selection
}
