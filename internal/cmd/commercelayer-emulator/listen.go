package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// listen opens addr. Everybody knows the emulator's credentials. So an address
// that other machines can reach is refused, unless exposed is set.
func listen(ctx context.Context, addr string, exposed bool) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, wrongUsage("-addr %q: %v; write host:port, such as 127.0.0.1:8080", addr, err)
	}
	if !exposed && !isLoopback(host) {
		return nil, wrongUsage("-addr %q: other machines can reach this address, and everybody knows the emulator's "+
			"credentials; use 127.0.0.1, ::1 or localhost, or add -expose to allow other machines", addr)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%w; use any port that is free with -addr %s", err, net.JoinHostPort(host, "0"))
	}
	return listener, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// forThisMachine refuses requests for the host names of others. A page in a
// browser on this machine could send them: it has the name of its own server
// resolved to this machine, and may then read the answers.
func forThisMachine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := (&url.URL{Host: strings.ToLower(r.Host)}).Hostname()
		host = strings.TrimSuffix(host, ".")
		if isLoopback(host) || strings.HasSuffix(host, ".localhost") {
			next.ServeHTTP(w, r)
			return
		}
		http.Error(w, "The emulator answers requests for this machine only, such as http://127.0.0.1 or "+
			"http://localhost. With -expose it takes any host name.", http.StatusMisdirectedRequest)
	})
}

// urlOf is the URL by which this machine reaches the listener.
func urlOf(listener net.Listener) string {
	addr, ok := listener.Addr().(*net.TCPAddr)
	if ok && addr.IP.IsUnspecified() {
		return "http://127.0.0.1:" + strconv.Itoa(addr.Port)
	}
	return "http://" + listener.Addr().String()
}
