package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

// fieldsCheck is the validator of `fields`. It accepts any name that an
// attribute could have, because the API may have attributes that this version
// of the provider does not know.
var fieldsCheck = checkElements("field", "the name that the API has for an attribute or a relationship, such as "+
	"status or customer_group", checkField)

func fieldsAttribute() schema.ListAttribute {
	return schema.ListAttribute{
		MarkdownDescription: "The attributes and relationships to read, by the names that the API has for them, such " +
			"as `[\"status\", \"metadata\", \"customer_group\"]`. Without `fields`, all are read. " +
			"An attribute that is not named is null. `relationships` has the relationships that are named here or in " +
			"`include`. " +
			"`id`, `links`, `mode` and `organization_id` are always set; with an empty list, only they are. " +
			"The name `metadata` stands for `metadata` and `metadata_json`, and `jwt_custom_claim` for " +
			"`jwt_custom_claim_json`.",
		ElementType: types.StringType,
		Optional:    true,
		Validators:  []validator.List{fieldsCheck},
	}
}

// ownNames are attributes of the provider that do not exist in the API. The
// values tell the user what to do instead of naming them.
var ownNames = map[string]string{
	"metadata_json":         "it comes with metadata: name metadata",
	"jwt_custom_claim_json": "it comes with jwt_custom_claim: name jwt_custom_claim",
	"links":                 alwaysThere,
	"mode":                  alwaysThere,
	"organization_id":       alwaysThere,
	"relationships":         "name single relationships instead, such as customer_group",
	"included":              "name its relationships in include instead",
}

const alwaysThere = "it is always there: leave it out"

// checkField reports a name that no attribute and no relationship of the API
// can have.
func checkField(name string) error {
	if remedy, own := ownNames[name]; own {
		return fmt.Errorf("the API has no field %q: %s", name, remedy)
	}
	return commercelayer.CheckField(name)
}
