package emulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func TestTheLogHoldsWhatWasAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New()
		const rawQuery = "include=tags&fields%5Bcustomers%5D=email"
		get(e, "/api/customers/a%2Fb?"+rawQuery, withHeader("X-Own", "1"), from("10.1.2.3:4"))
		requestToken(e, "id", "secret")
		get(e, oneCustomer)

		log := e.Requests()
		if len(log) != 3 {
			t.Fatalf("%d entries", len(log))
		}
		first := log[0]
		if first.Method != http.MethodGet || first.Path != "/api/customers/a%2Fb" || first.RawQuery != rawQuery ||
			first.Query().Get("fields[customers]") != "email" || first.Header.Get("X-Own") != "1" || first.Status != 404 ||
			first.RemoteAddr != "10.1.2.3:4" || !first.Time.Equal(time.Now()) || first.Form != nil || first.Fault != "" {
			t.Errorf("%+v", first)
		}
		if log[1].Form.Get("client_secret") != "secret" || log[1].Status != 401 {
			t.Errorf("%+v", log[1])
		}
		if e.Count("GET", "/api/") != 2 || e.Count("GET", oneCustomer) != 1 || e.Count("POST", "/oauth/token") != 1 ||
			e.CountStatus(200) != 1 {
			t.Error("the counts are wrong")
		}
		log[0].Status = 1
		if e.Requests()[0].Status != 404 {
			t.Error("the log is not a copy")
		}
	})
}

func TestManyClientsAtOnce(t *testing.T) {
	e := emulator.New(emulator.WithCustomers(100))
	e.Inject(emulator.Fault{Name: "some", Every: 10, Answer: emulator.Status(503)})
	ids := e.CustomerIDs()
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 25 {
				switch i % 5 {
				case 0:
					e.AddCustomer(emulator.Customer{Email: fmt.Sprintf("w%d-%d@example.com", worker, i)})
				case 1:
					e.DeleteCustomer(ids[2+worker*10+i/5])
				case 2:
					mustToken(t, e)
				case 3:
					get(e, "/api/customers?include=tags,customer_group&sort=-email&filter[q][email_cont]=w")
				default:
					get(e, "/api/customers/"+ids[i])
				}
				e.Requests()
			}
		})
	}
	wg.Wait()
	if got, want := len(e.CustomerIDs()), 102+8*5-8*5; got != want {
		t.Errorf("%d customers, want %d", got, want)
	}
	if got := e.Count("GET", "/api/"); got != 8*10 {
		t.Errorf("%d requests logged", got)
	}
}

func TestTheLogForgetsTheOldestRequestsWhenItIsLarge(t *testing.T) {
	e := emulator.New()
	const sent = 60
	for i := range sent {
		get(e, fmt.Sprintf("/api/customers/%d?filter=%s", i, strings.Repeat("x", 1<<20)))
	}
	kept, forgotten := e.Requests(), e.Forgotten()
	if len(kept) < 20 || len(kept) > 40 || forgotten+len(kept) != sent {
		t.Fatalf("%d are kept and %d forgotten", len(kept), forgotten)
	}
	if last := kept[len(kept)-1].Path; last != fmt.Sprint("/api/customers/", sent-1) {
		t.Errorf("the last one is %s", last)
	}
	if e.ResetLog(); e.Forgotten() != 0 || len(e.Requests()) != 0 {
		t.Error("the log is not empty")
	}
}
