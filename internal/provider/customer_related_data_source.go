package provider

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer"
)

var (
	_ datasource.DataSource              = (*customerRelatedDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*customerRelatedDataSource)(nil)
)

type customerRelatedDataSource struct {
	data *providerData
}

// customerRelatedModel holds the arguments and attributes of the data source.
type customerRelatedModel struct {
	ID           types.String           `tfsdk:"id"`
	CustomerID   types.String           `tfsdk:"customer_id"`
	Relationship types.String           `tfsdk:"relationship"`
	Filter       types.Map              `tfsdk:"filter"`
	Sort         types.List             `tfsdk:"sort"`
	Limit        types.Number           `tfsdk:"limit"`
	Include      types.List             `tfsdk:"include"`
	Resources    []relatedResourceModel `tfsdk:"resources"`
	TotalCount   types.Int64            `tfsdk:"total_count"`
	Timeouts     timeouts.Value         `tfsdk:"timeouts"`
}

// The checks of the arguments that no other reader has.
var (
	customerIDCheck   = stringCheck{"customer ID", "the ID of a customer, such as xYZkjABcde", commercelayer.CheckID}
	relationshipCheck = stringCheck{"relationship", "the name of a relationship of a customer, such as orders", commercelayer.CheckRelationship}
	relatedFilter     = filterCheck{described: "each key must be a predicate, and each value something to compare with"}
)

// NewCustomerRelatedDataSource returns the data source
// commercelayer_customer_related.
func NewCustomerRelatedDataSource() datasource.DataSource {
	return &customerRelatedDataSource{}
}

// Metadata implements [datasource.DataSource].
func (d *customerRelatedDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_customer_related"
}

// Schema implements [datasource.DataSource].
func (d *customerRelatedDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads what a customer is related to, such as the orders, the tags or the customer group. " +
			"Nothing related is an empty list. It is an error if there is no such customer, or no such relationship.",
		Attributes: map[string]schema.Attribute{
			"id": text("A digest of the arguments, which stays the same as long as they do."),
			"customer_id": schema.StringAttribute{
				MarkdownDescription: "The ID of the customer, such as `xYZkjABcde`.",
				Required:            true,
				Validators:          []validator.String{customerIDCheck},
			},
			"relationship": schema.StringAttribute{
				MarkdownDescription: "The relationship to follow, such as `orders`, `order_subscriptions`, `tags` or `customer_group`: " +
					"a key of the attribute `relationships` of `commercelayer_customer`. One that leads to a single resource gives a list of none or one.",
				Required:   true,
				Validators: []validator.String{relationshipCheck},
			},
			"filter": schema.MapAttribute{
				MarkdownDescription: "What the related resources must match: predicates and their values, such as `{ status_eq = \"active\" }`. A resource must match all of them. " +
					"A predicate is the name of an attribute of the related resources, or several joined by `_or_`, and a matcher: " + matcherList() + ". " +
					"Matchers that end in `in`, `any` or `all` take values separated by commas. A value must not be empty: the API may ignore an empty filter, and then everything matches.",
				ElementType: types.StringType,
				Optional:    true,
				Validators:  []validator.Map{relatedFilter},
			},
			"sort": schema.ListAttribute{
				MarkdownDescription: "The attributes of the related resources to sort by, such as `[\"-placed_at\", \"number\"]`, with `-` for descending order. " +
					"Without `sort`, resources come in the API's own order, and each is read once, even if others are created or deleted meanwhile. " +
					"With `sort` they are read by page number. If their number changes meanwhile, some may be missing, and a warning says so.",
				ElementType: types.StringType,
				Optional:    true,
				Validators:  []validator.List{sortCheck},
			},
			"limit": schema.NumberAttribute{
				MarkdownDescription: fmt.Sprintf("The number of resources to read at most. Without it, more than %s matches are an error. "+
					"With `0` no resource is read: `total_count` is the result, and takes one request.", thousands(commercelayer.MaxUnlimited)),
				Optional:   true,
				Validators: []validator.Number{checkWholeNumber("limit", 0, math.MaxInt32)},
			},
			"include": schema.ListAttribute{
				MarkdownDescription: "The relationships of the related resources to include, such as `shipments` for `orders`. " +
					"Those that are included have `data`, which names the resources that they lead to. What these hold is not read.",
				ElementType: types.StringType,
				Optional:    true,
				Validators:  []validator.List{includeCheck},
			},
			"resources": schema.ListNestedAttribute{
				MarkdownDescription: "The related resources, in the order that `sort` asks for, or else the API's own order of IDs.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: relatedResourceAttributes()},
			},
			"total_count": schema.Int64Attribute{
				MarkdownDescription: "The number of related resources that match. If `limit` left some out, it is greater than the length of `resources`.",
				Computed:            true,
			},
		},
		Blocks: map[string]schema.Block{"timeouts": readTimeouts(ctx)},
	}
}

// Configure implements [datasource.DataSourceWithConfigure].
func (d *customerRelatedDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

// Read implements [datasource.DataSource].
func (d *customerRelatedDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	defer recoverRead(ctx, &resp.Diagnostics)
	var m customerRelatedModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.data.ready(&resp.Diagnostics) {
		return
	}
	m.read(ctx, d.data, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// read reads what the arguments select into the model. In the server's short cut
// the resources go to the context's bulkList instead.
func (m *customerRelatedModel) read(ctx context.Context, data *providerData, diags *diag.Diagnostics) {
	if diags.Append(m.problems()...); diags.HasError() {
		return
	}
	query := commercelayer.RelatedQuery{
		CustomerID: m.CustomerID.ValueString(), Relationship: m.Relationship.ValueString(),
		Limit: wholeNumber(m.Limit), Count: isKnownNumber(m.Limit) && wholeNumber(m.Limit) == 0,
	}
	diags.Append(m.Filter.ElementsAs(ctx, &query.Filter, false)...)
	diags.Append(m.Sort.ElementsAs(ctx, &query.Sort, false)...)
	diags.Append(m.Include.ElementsAs(ctx, &query.Include, false)...)
	ctx, cancel := data.readContext(ctx, m.Timeouts, diags)
	defer cancel()
	if diags.HasError() {
		return
	}
	asked := question{attribute: "filter", value: query.CustomerID, list: true, related: query.Relationship, credentials: data.credentials}
	bulk := bulkListFrom(ctx, "resources")
	m.Resources = []relatedResourceModel{}
	list := data.client.Related(query)
	for resources, err := range list.Pages(ctx) {
		if err != nil {
			diags.Append(diagnose(err, asked, time.Now()))
			return
		}
		for _, resource := range resources {
			if bulk == nil {
				m.Resources = append(m.Resources, newRelatedResourceModel(resource))
			} else if err := bulk.add(ctx, newRelatedResourceModel(resource)); err != nil {
				diags.Append(diagnose(err, asked, time.Now()))
				return
			}
		}
	}
	m.ID = types.StringValue(relatedDigest(query))
	m.TotalCount = types.Int64Value(int64(list.Total))
	diags.Append(relatedWarnings(list)...)
	data.warnIfSlow(data.client.Stats(), diags)
}

// problems finds what may not be sent. The CLI has it validated before; whoever
// reads without that must not get more resources than were asked for.
func (m *customerRelatedModel) problems() diag.Diagnostics {
	diags := customerIDCheck.problem(path.Root("customer_id"), m.CustomerID.ValueString())
	diags.Append(relationshipCheck.problem(path.Root("relationship"), m.Relationship.ValueString())...)
	diags.Append(filterErrors(path.Root("filter"), m.Filter)...)
	diags.Append(sortCheck.problems(path.Root("sort"), m.Sort)...)
	diags.Append(includeCheck.problems(path.Root("include"), m.Include)...)
	return diags
}

// relatedDigest identifies a query: equal ones have the same from run to run.
func relatedDigest(q commercelayer.RelatedQuery) string {
	// Maps are encoded in the order of their keys.
	text, err := json.Marshal(q)
	if err != nil {
		panic(err) // strings, lists and maps of strings, and a number
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
