package commercelayer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/commercelayer/ratelimit"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// ordering returns an emulator with a customer who has so many orders, a client
// without limits worth mentioning, and the IDs of the customer and the orders.
func ordering(t *testing.T, n int, options ...emulator.Option) (e *emulator.Emulator, w *wire, c *Client, id string, orders []string) {
	t.Helper()
	e = emulator.New(options...)
	w = &wire{handler: e}
	c = newClient(t, w)
	c.api.limiter = ratelimit.New(ratelimit.Limits{Burst: 10_000, BurstInterval: testLimits.BurstInterval, Average: 10_000, AverageInterval: testLimits.AverageInterval})
	id = e.AddCustomer(emulator.Customer{Email: "many@example.com"})
	return e, w, c, id, e.AddOrders(id, n)
}

// related reads a listing that must be readable and shows its IDs.
func related(t *testing.T, c *Client, q RelatedQuery) (*RelatedListing, []string) {
	t.Helper()
	list := c.Related(q)
	resources, err := list.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(resources))
	for i, resource := range resources {
		ids[i] = resource.ID
	}
	expectEqual(t, "the number of resources told", list.Count, len(ids))
	return list, ids
}

// asked writes what was asked for as a person would.
func (w *wire) asked(t *testing.T) string {
	t.Helper()
	var lines []string
	for _, s := range w.requests() {
		line := strings.TrimPrefix(s.path, "/api/customers")
		var parameters []string
		for name, values := range s.query {
			parameters = append(parameters, name+"="+values[0])
		}
		if slices.Sort(parameters); len(parameters) > 0 {
			line += "?" + strings.Join(parameters, "&")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, " ")
}

func TestRelatedListIsWalkedByID(t *testing.T) {
	for n, requests := range map[int]int{0: 1, 24: 1, 25: 1, 26: 2, 60: 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, w, c, id, orders := ordering(t, n)
				list, ids := related(t, c, RelatedQuery{CustomerID: id, Relationship: "orders", Include: []string{"shipments"}})
				expectIDs(t, ids, orders)
				expectEqual(t, "the total", list.Total, n)
				expectEqual(t, "whether it was in order", list.Unordered || list.Changed, false)
				for i, s := range w.expect(t, requests) {
					after := ""
					if i > 0 {
						after = orders[i*MaxPageSize-1]
					}
					expectEqual(t, "the path", s.path, "/api/customers/"+id+"/orders")
					expectEqual(t, "id_gt", s.filter("id_gt"), after)
					expectEqual(t, "sort", s.query.Get("sort"), "id")
					expectEqual(t, "page[size]", s.query.Get("page[size]"), "25")
					expectEqual(t, "include", s.query.Get("include"), "shipments")
					expectEqual(t, "whether the page has a number", s.query.Has("page[number]"), false)
				}
			})
		})
	}
}

// What comes and goes while the list is read neither hides nor doubles others.
func TestRelatedListWhileOrdersComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c, id, orders := ordering(t, 60)
		requests := 0
		var late []string
		e.OnRequest(func(*http.Request) {
			if requests++; requests == 2 {
				e.DeleteOrder(orders[24]) // the one that id_gt names
				e.DeleteOrder(orders[30])
				late = e.AddOrders(id, 3)
			}
		})
		list, ids := related(t, c, RelatedQuery{CustomerID: id, Relationship: "orders"})
		expectIDs(t, ids, append(slices.DeleteFunc(slices.Clone(orders), func(id string) bool { return id == orders[30] }), late...))
		expectEqual(t, "whether resources may be missing", list.Changed || list.Unordered, false)
	})
}

func TestRelatedArgumentsBecomeTheQuery(t *testing.T) {
	const fresh = "sort=-placed_at,id"
	for name, test := range map[string]struct {
		query RelatedQuery
		asked string
		count int
		total int
	}{
		"a sort and a limit": {
			RelatedQuery{Relationship: "orders", Sort: []string{"-placed_at"}, Limit: 5},
			"/orders?page[size]=5&" + fresh, 5, 60,
		},
		"a sort": {
			RelatedQuery{Relationship: "orders", Sort: []string{"-placed_at"}},
			"/orders?page[size]=25&" + fresh + " /orders?page[number]=2&page[size]=25&" + fresh + " /orders?page[number]=3&page[size]=25&" + fresh, 60, 60,
		},
		"a limit":         {RelatedQuery{Relationship: "orders", Limit: 2}, "/orders?page[size]=2&sort=id", 2, 60},
		"the count alone": {RelatedQuery{Relationship: "orders", Count: true}, "/orders?page[size]=1&sort=id", 0, 60},
		"a filter, counted": {
			RelatedQuery{Relationship: "orders", Count: true, Filter: map[string]string{"number_eq": "none"}},
			"/orders?filter[q][number_eq]=none&page[size]=1&sort=id", 0, 0,
		},
		"one resource":            {RelatedQuery{Relationship: "customer_group"}, "/customer_group", 0, 0},
		"one resource, counted":   {RelatedQuery{Relationship: "customer_group", Count: true}, "/customer_group", 0, 0},
		"one resource, sorted":    {RelatedQuery{Relationship: "jwt_customer", Sort: []string{"email"}, Limit: 3}, "/jwt_customer", 0, 0},
		"one resource, including": {RelatedQuery{Relationship: "jwt_customer", Include: []string{"tags", "orders"}}, "/jwt_customer?include=tags,orders", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, w, c, id, _ := ordering(t, 60)
				test.query.CustomerID = id
				list, _ := related(t, c, test.query)
				expectEqual(t, "the requests", strings.ReplaceAll(w.asked(t), "/"+id, ""), test.asked)
				expectEqual(t, "the number read", list.Count, test.count)
				expectEqual(t, "the total", list.Total, test.total)
			})
		})
	}
}

func TestRelatedOneIsAListOfOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c := emulated(t, 0)
		list := c.Related(RelatedQuery{CustomerID: emulator.FullCustomerID, Relationship: "customer_group"})
		resources, err := list.All(t.Context())
		if err != nil || len(resources) != 1 {
			t.Fatal(resources, err)
		}
		group := resources[0]
		expectEqual(t, "the type", group.Type, "customer_groups")
		expectEqual(t, "the ID", group.ID, emulator.VIPGroupID)
		expectEqual(t, "the URL", *group.Self, "http://yourdomain.commercelayer.io/api/customer_groups/"+emulator.VIPGroupID)
		expectEqual(t, "the mode", *group.Mode, ModeTest)
		expectEqual(t, "the attributes", string(group.Attributes),
			`{"code":"vip","created_at":"2018-01-01T12:00:00.000Z","metadata":{},"name":"VIP","reference":null,"reference_origin":null,"updated_at":"2018-01-01T12:00:00.000Z"}`)
		expectEqual(t, "the total", list.Total, 1)
		w.expect(t, 1)
	})
}

func TestRelatedResourcesHaveTheLinkageOfWhatIsIncluded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, c := emulated(t, 0)
		orders, err := c.Related(RelatedQuery{CustomerID: emulator.FullCustomerID, Relationship: "orders", Include: []string{"shipments"}}).All(t.Context())
		if err != nil || len(orders) != 2 {
			t.Fatal(orders, err)
		}
		for _, order := range orders {
			expectEqual(t, "the shipments", len(order.Relationships["shipments"].Data), 1)
			expectEqual(t, "whether tags have data", order.Relationships["tags"].Data != nil, false)
		}
	})
}

// friend answers as a relationship that this version does not know, which leads
// to one resource or none, and refuses pages.
func friend(code, data string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("page[size]") {
			respond(400, "", `{"errors":[{"title":"Bad request","detail":"No.","code":"`+code+`","status":"400"}]}`)(w, r)
			return
		}
		respond(200, "", `{"data":`+data+`}`)(w, r)
	}
}

func TestUnknownRelationshipThatRefusesPagesIsAskedOnceWithout(t *testing.T) {
	for _, code := range []string{"PARAM_NOT_ALLOWED", "INVALID_PAGE_OBJECT", "INVALID_SORT_CRITERIA", "BAD_REQUEST", ""} {
		for data, count := range map[string]int{"null": 0, `{"id":"a","type":"friends"}`: 1} {
			t.Run(code+" "+data, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := &wire{handler: friend(code, data)}
					c := newClient(t, w)
					list, ids := related(t, c, RelatedQuery{CustomerID: "x", Relationship: "friend"})
					expectEqual(t, "the resources", len(ids), count)
					expectEqual(t, "the total", list.Total, count)
					expectEqual(t, "the requests", w.asked(t), "/x/friend?page[size]=25&sort=id /x/friend")
					w.reset()
					related(t, c, RelatedQuery{CustomerID: "y", Relationship: "friend", Limit: 1})
					expectEqual(t, "the requests for another customer", w.asked(t), "/y/friend")
				})
			})
		}
	}
}

func TestRelationshipThatIgnoresPagesIsAskedOnce(t *testing.T) {
	for body, count := range map[string]int{`{"data":null}`: 0, `{"data":{"id":"a","type":"friends"}}`: 1, `{"data":[]}`: 0} {
		synctest.Test(t, func(t *testing.T) {
			for _, q := range []RelatedQuery{{}, {Sort: []string{"name"}}, {Limit: 1}, {Limit: 5}} {
				w := &wire{handler: respond(200, "", body)}
				q.CustomerID, q.Relationship = "x", "friend"
				list, ids := related(t, newClient(t, w), q)
				expectEqual(t, "the resources of "+body, len(ids), count)
				expectEqual(t, "whether it is complete", list.Changed || list.Unordered, false)
				w.expect(t, 1)
			}
		})
	}
}

func TestRelationshipThatTurnsOutToBeAListIsReadWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c, id, orders := ordering(t, 60)
		c.shapes.learn("orders", true)
		_, ids := related(t, c, RelatedQuery{CustomerID: id, Relationship: "orders"})
		expectIDs(t, ids, orders)
		w.expect(t, 4)
		w.reset()
		related(t, c, RelatedQuery{CustomerID: id, Relationship: "orders"})
		w.expect(t, 3)
	})
}

// What the reader asks for is not taken out of the request: the refusal is the
// reader's to know.
func TestRefusalOfWhatTheReaderAskedForIsTheError(t *testing.T) {
	for code, query := range map[string]RelatedQuery{
		"FILTER_NOT_ALLOWED":    {Filter: map[string]string{"color_eq": "red"}},
		"INVALID_SORT_CRITERIA": {Sort: []string{"color"}},
		"INVALID_INCLUDE":       {Include: []string{"color"}},
	} {
		t.Run(code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, w, c := emulated(t, 0)
				query.CustomerID, query.Relationship = emulator.FullCustomerID, "orders"
				_, err := c.Related(query).All(t.Context())
				failure := failureOf(t, err, ErrBadRequest)
				expectEqual(t, "the code", failure.Code(), code)
				expectEqual(t, "the path", failure.Path, "/api/customers/"+emulator.FullCustomerID+"/orders")
				w.expect(t, 1)
			})
		})
	}
	t.Run("a list that refuses another parameter", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{handler: friend("PARAM_NOT_ALLOWED", `[{"id":"a","type":"friends"}]`)}
			_, err := newClient(t, w).Related(RelatedQuery{CustomerID: "x", Relationship: "friends"}).All(t.Context())
			expectKind(t, err, ErrBadRequest)
			w.expect(t, 2)
		})
	})
}

func TestUnknownCustomerAndUnknownRelationshipAreToldApart(t *testing.T) {
	for name, options := range map[string][]string{
		"as documented": nil, "relationship refused": {"related-unknown:refused"},
		"include ignored": {"unknown-include:ignored"}, "include refused with another code": {"unknown-include:code"},
		"404 as a list": {"not-found-form:array"}, "404 as a page": {"not-found-form:html"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{handler: emulator.New(emulator.WithRefuted(options...))}
				c := newClient(t, w)
				for _, relationship := range []string{"orders", "customer_group"} {
					_, err := c.Related(RelatedQuery{CustomerID: "nobody", Relationship: relationship}).All(t.Context())
					failure := failureOf(t, err, ErrNotFound)
					expectEqual(t, "the path", failure.Path, "/api/customers/nobody/"+relationship)
				}
				w.expect(t, 4)
				w.reset()
				_, err := c.Related(RelatedQuery{CustomerID: emulator.FullCustomerID, Relationship: "order"}).All(t.Context())
				failure := failureOf(t, err, ErrNoRelationship)
				expectEqual(t, "the path", failure.Path, "/api/customers/"+emulator.FullCustomerID+"/order")
				if name == "include ignored" && !strings.Contains(failure.Reason, ", orders, ") {
					t.Errorf("the relationships are not named: %s", failure.Reason)
				}
				w.expect(t, 2)
			})
		})
	}
}

func TestNothingRelatedThatIsAnsweredWith404IsAnEmptyList(t *testing.T) {
	for _, options := range [][]string{{"related-to-one:not-found"}, {"related-to-one:not-found", "empty-to-one:missing"}} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{handler: emulator.New(emulator.WithRefuted(options...))}
			c := newClient(t, w)
			for _, q := range []RelatedQuery{{}, {Count: true}, {Include: []string{"tags"}}, {Limit: 1}} {
				q.CustomerID, q.Relationship = emulator.FullCustomerID, "jwt_customer"
				list, ids := related(t, c, q)
				expectEqual(t, "the resources", len(ids)+list.Total, 0)
			}
		})
	}
}

// Resources that the customer names can't be nothing.
func TestRelatedResourcesThatAreNamedAndNotFoundAreAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, w, c := emulated(t, 0)
		e.Inject(emulator.Fault{PathPrefix: "/api/customers/" + emulator.FullCustomerID + "/", Answer: emulator.Status(404)})
		_, err := c.Related(RelatedQuery{CustomerID: emulator.FullCustomerID, Relationship: "orders"}).All(t.Context())
		failure := failureOf(t, err, ErrMalformed)
		if !strings.Contains(failure.Reason, "2 related resources") {
			t.Error(failure)
		}
		w.expect(t, 2)
	})
}

// An error of the request that tells a 404 apart is the error that counts.
func TestFailureToTellA404ApartIsTheError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, _, c := emulated(t, 0)
		e.Inject(emulator.Fault{After: 1, Answer: emulator.Status(501)})
		_, err := c.Related(RelatedQuery{CustomerID: "nobody", Relationship: "orders"}).All(t.Context())
		expectKind(t, err, ErrServer)
	})
}

func TestRelatedListThatHasNoPagesIsReadRight(t *testing.T) {
	const uncounted = `{"data":[%s]}`
	for name, test := range map[string]struct {
		query RelatedQuery
		count int
	}{
		"all": {RelatedQuery{}, 60}, "sorted": {RelatedQuery{Sort: []string{"-number"}}, 60},
		"a limit": {RelatedQuery{Sort: []string{"-placed_at"}, Limit: 5}, 5}, "a count": {RelatedQuery{Count: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, w, c, id, _ := ordering(t, 60, emulator.WithRefuted("related-to-many:whole"))
				test.query.CustomerID, test.query.Relationship = id, "orders"
				list, ids := related(t, c, test.query)
				expectEqual(t, "the number read", len(ids), test.count)
				expectEqual(t, "the total", list.Total, 60)
				expectEqual(t, "whether it is complete", list.Changed || list.Unordered, false)
				w.expect(t, 1)
			})
			synctest.Test(t, func(t *testing.T) {
				var all []string
				for n := range 60 {
					all = append(all, fmt.Sprintf(`{"id":"%d","type":"orders"}`, n))
				}
				w := &wire{handler: respond(200, "", fmt.Sprintf(uncounted, strings.Join(all, ",")))}
				test.query.CustomerID, test.query.Relationship = "x", "orders"
				list, ids := related(t, newClient(t, w), test.query)
				expectEqual(t, "the number read without a count", len(ids), test.count)
				expectEqual(t, "the total without a count", list.Total, 60)
			})
		})
	}
}

func TestRelatedListWithoutAnEndIsTooLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{handler: respond(200, "", `{"data":[`+strings.Repeat(`{"id":"a","type":"orders"},`, maxWhole)+`{"id":"a","type":"orders"}]}`)}
		_, err := newClient(t, w).Related(RelatedQuery{CustomerID: "x", Relationship: "orders"}).All(t.Context())
		expectKind(t, err, ErrTooLarge)
		w.expect(t, 1)
	})
}

func TestRelatedListsAreCompleteWhereIDGtIsNot(t *testing.T) {
	for _, option := range []string{"id-gt:ignored", "id-gt-order:text"} {
		t.Run(option, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, _, c, id, orders := ordering(t, 60, emulator.WithRefuted(option))
				list, ids := related(t, c, RelatedQuery{CustomerID: id, Relationship: "orders"})
				expectEqual(t, "the number read", len(ids), len(orders))
				expectEqual(t, "whether it is said", list.Unordered, true)
			})
		})
	}
}

func TestRelatedModeGuard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for body, options := range map[string][]Option{
			`{"data":[{"id":"a","type":"orders","meta":{"mode":"live"}}]}`: {WithMode(ModeTest)},
			`{"data":{"id":"a","type":"orders","meta":{"mode":"live"}}}`:   {WithMode(ModeTest)},
			`{"data":[{"id":"a","type":"orders"}]}`:                        {WithMode(ModeTest)},
		} {
			w := &wire{handler: respond(200, "", body)}
			_, err := newClient(t, w, options...).Related(RelatedQuery{CustomerID: "x", Relationship: "orders"}).All(t.Context())
			failure := failureOf(t, err, ErrWrongMode)
			expectEqual(t, "the path", failure.Path, "/api/customers/x/orders")
			w.expect(t, 1)
		}
	})
}

func TestRelatedAnswersThatAreRefused(t *testing.T) {
	for body, kind := range map[string]error{
		`{}`:                         ErrMalformed,
		`{"data":"a"}`:               ErrMalformed,
		`{"data":[{"id":"a"}]}`:      ErrMalformed,
		`{"data":{"type":"orders"}}`: ErrMalformed,
		`{"data":[null]}`:            ErrMalformed,
		`{"data":{"id":"a","type":"orders","attributes":[]}}`:    ErrMalformed,
		`{"data":[{"id":"a","type":"t"},{"id":"a","type":"t"}]}`: ErrMalformed,
		"": ErrNotJSON, "<html>": ErrNotJSON,
	} {
		for _, relationship := range []string{"orders", "customer_group"} {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{handler: respond(200, "", body)}
				if errors.Is(kind, ErrNotJSON) {
					w.handler = respond(200, "text/html", body)
				}
				resources, err := newClient(t, w).Related(RelatedQuery{CustomerID: "x", Relationship: relationship}).All(t.Context())
				if !strings.HasPrefix(body, `{"data":[`) || relationship == "orders" {
					failure := failureOf(t, err, kind)
					expectEqual(t, "the path", failure.Path, "/api/customers/x/"+relationship)
				}
				if err == nil || resources != nil {
					t.Errorf("%s: %v, %v", body, resources, err)
				}
			})
		}
	}
}

func TestRelatedReadsKeepToTheLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.WithLimits(), emulator.WithCustomers(1))
		w := &wire{handler: e, latency: latency}
		c := newClient(t, w)
		for range 30 { // 3 requests each
			if _, err := c.Related(RelatedQuery{CustomerID: e.CustomerIDs()[2], Relationship: "orders"}).All(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		w.expect(t, 90)
		expectEqual(t, "the refusals", e.CountStatus(http.StatusTooManyRequests), 0)
	})
}

func TestRelatedReaderThatGivesUpHasItsOwnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, c, id, _ := ordering(t, 60)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := c.Related(RelatedQuery{CustomerID: id, Relationship: "orders"}).All(ctx)
		expectKind(t, err, ErrCanceled)
	})
}

func TestRelatedReaderMayStopAfterAPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, w, c, id, _ := ordering(t, 60)
		for _, err := range c.Related(RelatedQuery{CustomerID: id, Relationship: "orders"}).Pages(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		w.expect(t, 1)
	})
}

func TestPathOfARelationshipIsEscaped(t *testing.T) {
	expectEqual(t, "the path", relatedPath("a/b?c", "d#e"), "/api/customers/a%2Fb%3Fc/d%23e")
}

func TestCheckRelationship(t *testing.T) {
	for name, good := range map[string]bool{
		"orders": true, "order_subscriptions": true, "a1": true, "": false, "Orders": false, "orders/x": false, "orders.shipments": false,
		"..": false, "two orders": false, "orders?include=x": false, "1a": false, "_": false, "orders\n": false,
	} {
		if err := CheckRelationship(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}
