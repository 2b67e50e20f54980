package provider

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"strings"
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
	_ datasource.DataSource              = (*customersDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*customersDataSource)(nil)
)

type customersDataSource struct {
	data *providerData
}

// customersModel holds the arguments and attributes of the plural data source.
type customersModel struct {
	ID         types.String    `tfsdk:"id"`
	Filter     types.Map       `tfsdk:"filter"`
	IDs        types.List      `tfsdk:"ids"`
	Emails     types.List      `tfsdk:"emails"`
	Sort       types.List      `tfsdk:"sort"`
	Limit      types.Number    `tfsdk:"limit"`
	Include    types.List      `tfsdk:"include"`
	Customers  []customerModel `tfsdk:"customers"`
	TotalCount types.Int64     `tfsdk:"total_count"`
	Timeouts   timeouts.Value  `tfsdk:"timeouts"`
}

// NewCustomersDataSource returns the data source commercelayer_customers.
func NewCustomersDataSource() datasource.DataSource {
	return &customersDataSource{}
}

// Metadata implements [datasource.DataSource].
func (d *customersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_customers"
}

// Schema implements [datasource.DataSource].
func (d *customersDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads many customers, 25 with each request. Nothing found is an empty list.",
		Attributes: map[string]schema.Attribute{
			"id": text("A digest of the arguments, which stays the same as long as they do."),
			"filter": schema.MapAttribute{
				MarkdownDescription: "What the customers must match: predicates and their values, such as `{ status_eq = \"repeat\", email_end = \"@example.com\" }`. A customer must match all of them. " +
					"A predicate is the name of an attribute, or several joined by `_or_`, and a matcher: " + matcherList() + ". Matchers that end in `in`, `any` or `all` take values separated by commas. A value must not be empty: the API may ignore an empty filter, and then every customer matches. " +
					"Predicates about `id` conflict with `ids`, and predicates about `email` with `emails`.",
				ElementType: types.StringType,
				Optional:    true,
				Validators:  []validator.Map{checkCustomersFilter()},
			},
			"ids": schema.ListAttribute{
				MarkdownDescription: "The IDs of the customers to read. There can be as many as you like. The result has their order. IDs that no customer has are left out. An ID that is there twice is read once. Conflicts with `emails` and `sort`.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators: []validator.List{
					idsCheck,
					conflictsWith("Customers are read by one of the two.", "emails"),
					conflictsWith("With `ids` the result has their order: leave `sort` out.", "sort"),
				},
			},
			"emails": schema.ListAttribute{
				MarkdownDescription: "The e-mail addresses of the customers to read. There can be as many as you like. The result has their order. Addresses that no customer has are left out. An address that is there twice is read once. Conflicts with `ids` and `sort`.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators: []validator.List{
					emailsCheck,
					conflictsWith("With `emails` the result has their order: leave `sort` out.", "sort"),
				},
			},
			"sort": schema.ListAttribute{
				MarkdownDescription: "The attributes to sort by, such as `[\"-created_at\", \"email\"]`, with `-` for descending order: `id`, `email`, `status`, `total_orders_count`, `anonymization_status`, `reference`, `reference_origin`, `created_at` or `updated_at`. " +
					"Without `sort`, customers come in the API's own order, and each is read once, even if others are created or deleted meanwhile. With `sort` they are read by page number. If their number changes meanwhile, some may be missing, and a warning says so.",
				ElementType: types.StringType,
				Optional:    true,
				Validators:  []validator.List{sortCheck},
			},
			"limit": schema.NumberAttribute{
				MarkdownDescription: fmt.Sprintf("The number of customers to read at most. Without it, more than %s matches are an error.", thousands(commercelayer.MaxUnlimited)),
				Optional:            true,
				Validators:          []validator.Number{checkWholeNumber("limit", 1, math.MaxInt32)},
			},
			"include": includeAttribute(),
			"customers": schema.ListNestedAttribute{
				MarkdownDescription: "The customers. They have the order of `ids` or `emails`, or the order that `sort` asks for, or else the API's own order of IDs.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: customerAttributes()},
			},
			"total_count": schema.Int64Attribute{
				MarkdownDescription: "The number of customers that match. If `limit` left some out, it is greater than the length of `customers`.",
				Computed:            true,
			},
		},
		Blocks: map[string]schema.Block{"timeouts": readTimeouts(ctx)},
	}
}

// Configure implements [datasource.DataSourceWithConfigure].
func (d *customersDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = configuredData(req.ProviderData, &resp.Diagnostics)
}

// Read implements [datasource.DataSource].
func (d *customersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	defer recoverRead(ctx, &resp.Diagnostics)
	var m customersModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.data.ready(&resp.Diagnostics) {
		return
	}
	if resp.Diagnostics.Append(m.problems()...); resp.Diagnostics.HasError() {
		return
	}
	query := commercelayer.Query{Limit: wholeNumber(m.Limit)}
	resp.Diagnostics.Append(m.Filter.ElementsAs(ctx, &query.Filter, false)...)
	resp.Diagnostics.Append(m.IDs.ElementsAs(ctx, &query.IDs, false)...)
	resp.Diagnostics.Append(m.Emails.ElementsAs(ctx, &query.Emails, false)...)
	resp.Diagnostics.Append(m.Sort.ElementsAs(ctx, &query.Sort, false)...)
	resp.Diagnostics.Append(m.Include.ElementsAs(ctx, &query.Include, false)...)
	ctx, cancel := d.data.readContext(ctx, m.Timeouts, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	asked := question{attribute: "filter", list: true, credentials: d.data.credentials}
	bulk := bulkListFrom(ctx, "customers")
	m.Customers = []customerModel{}
	list := d.data.client.Customers(query)
	for customers, err := range list.Pages(ctx) {
		if err != nil {
			resp.Diagnostics.Append(diagnose(err, asked, time.Now()))
			return
		}
		for _, customer := range customers {
			if bulk == nil {
				m.Customers = append(m.Customers, newCustomerModel(customer))
			} else if err := bulk.add(ctx, newCustomerModel(customer)); err != nil {
				resp.Diagnostics.Append(diagnose(err, asked, time.Now()))
				return
			}
		}
	}
	if list.Unordered {
		resp.Diagnostics.AddWarning("Customers read by page number",
			"The API does not list customers in the order of their IDs, so they were read by page number. Customers that came or went meanwhile may be missing.")
	}
	if list.Changed {
		resp.Diagnostics.AddWarning("Customers changed while they were read",
			fmt.Sprintf("The API now counts another number of customers than the %d that were read, so some may be missing. Run again; without `sort`, customers that come and go do no harm.", list.Count))
	}
	m.ID = types.StringValue(digest(query))
	m.TotalCount = types.Int64Value(int64(list.Total))
	d.data.warnIfSlow(d.data.client.Stats(), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// problems finds what may not be sent. The CLI has it validated before; whoever
// reads without that must not get more customers than were asked for.
func (m *customersModel) problems() diag.Diagnostics {
	filter := path.Root("filter")
	diags := filterErrors(filter, m.Filter)
	for _, list := range []struct {
		name, key string
		check     elementsCheck
		value     types.List
	}{{"ids", "id", idsCheck, m.IDs}, {"emails", "email", emailsCheck, m.Emails}, {"sort", "", sortCheck, m.Sort}, {"include", "", includeCheck, m.Include}} {
		diags.Append(list.check.problems(path.Root(list.name), list.value)...)
		if list.key != "" && !list.value.IsNull() {
			diags.Append(filterConflicts(filter, m.Filter, list.name, list.key)...)
		}
	}
	return diags
}

// digest identifies a query: equal ones have the same from run to run.
func digest(q commercelayer.Query) string {
	// Maps are encoded in the order of their keys.
	text, err := json.Marshal(q)
	if err != nil {
		panic(err) // strings, lists and maps of strings, and a number
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func matcherList() string {
	return "`" + strings.Join(commercelayer.Matchers, "`, `") + "`"
}
