package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// listen opens addr. Everybody knows the emulator's credentials. So an address
// that other machines can reach is refused, unless exposed is set.
func listen(ctx context.Context, addr string, exposed bool) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, wrongUsage("-addr %q: %v; write host:port, such as 127.0.0.1:8080", addr, err)
	}
	if !exposed && !isLoopback(host) {
		return nil, wrongUsage("-addr %q: other machines can reach this address, and everybody knows the emulator's "+
			"credentials; "+
			"use 127.0.0.1, ::1 or localhost, or add -expose to allow other machines", addr)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	switch {
	case err == nil:
		return listener, nil
	case isTaken(err):
		return nil, fmt.Errorf("port %s is taken by another program: choose another one, or any that is free with -addr %s",
			port, net.JoinHostPort(host, "0"))
	default:
		return nil, fmt.Errorf("listening on -addr %q: %w", addr, err)
	}
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

// isTaken says whether listening failed because another program uses the port.
func isTaken(err error) bool {
	// Windows has its own number for this error: WSAEADDRINUSE.
	const windowsAddressInUse = syscall.Errno(10048)
	return errors.Is(err, syscall.EADDRINUSE) || runtime.GOOS == "windows" && errors.Is(err, windowsAddressInUse)
}

// urlOf is the URL by which this machine reaches the listener.
func urlOf(listener net.Listener) string {
	addr, ok := listener.Addr().(*net.TCPAddr)
	if ok && addr.IP.IsUnspecified() {
		return "http://127.0.0.1:" + strconv.Itoa(addr.Port)
	}
	return "http://" + listener.Addr().String()
}
