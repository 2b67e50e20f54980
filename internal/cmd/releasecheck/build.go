package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const goreleaserPackage = "github.com/goreleaser/goreleaser/v2"

// builder makes releases of one commit. Each is made in its own clone below temp.
type builder struct {
	temp string
	// targets are the targets to build. When it is empty, all are built.
	targets []string
	run     func(ctx context.Context, dir string, env []string, name string, args ...string) (string, error)
}

func (b builder) commit(ctx context.Context) (string, error) {
	output, err := b.run(ctx, ".", nil, "git", "rev-parse", "HEAD")
	if err != nil {
		return "", fmt.Errorf("finding the commit: %w", err)
	}
	return strings.TrimSpace(output), nil
}

func (b builder) dirty(ctx context.Context) bool {
	output, err := b.run(ctx, ".", nil, "git", "status", "--porcelain")
	return err == nil && output != ""
}

// release builds all targets and their archives.
func (b builder) release(ctx context.Context, commit string, keys *keyring) (dist, error) {
	if err := b.compileGoreleaser(ctx); err != nil {
		return dist{}, err
	}

	clone, err := b.clone(ctx, "first", commit)
	if err != nil {
		return dist{}, err
	}
	if err := b.goreleaser(ctx, clone, nil, "check"); err != nil {
		return dist{}, err
	}
	return b.snapshot(ctx, clone, keys)
}

// verifyReproducible builds the commit again in another directory, and compares
// the checksums. The second build takes compiled packages from the build cache,
// so it proves little about the compiler. For this reason the provider of this
// machine is compiled a third time, with an empty cache.
func (b builder) verifyReproducible(ctx context.Context, commit string, first dist) (string, error) {
	clone, err := b.clone(ctx, "second", commit)
	if err != nil {
		return "", err
	}

	second, err := b.snapshot(ctx, clone, nil)
	if err != nil {
		return "", err
	}

	want, err := first.checksums()
	if err != nil {
		return "", err
	}

	got, err := second.checksums()
	if err != nil {
		return "", err
	}
	if err := sameFile(want, got); err != nil {
		return "", fmt.Errorf("two builds of one commit differ: %w", err)
	}

	// This uses the second clone again. The flag --clean removes its dist.
	env := []string{"GOCACHE=" + filepath.Join(b.temp, "cache"), "GOOS=" + runtime.GOOS, "GOARCH=" + runtime.GOARCH}
	if err := b.goreleaser(ctx, clone, env, "build", "--snapshot", "--single-target", "--clean",
		"--id", providerID, "--skip", "post-hooks"); err != nil {
		return "", err
	}

	third, err := openDist(clone)
	if err != nil {
		return "", err
	}
	if err := sameProvider(first, third); err != nil {
		return "", fmt.Errorf("a build without the build cache differs: %w", err)
	}
	return fmt.Sprintf(
		"a second build in another directory gave the same checksums, and so did %s with an empty build cache",
		host(),
	), nil
}

func sameProvider(first, second dist) error {
	want, err := first.one(kindBinary, providerID, host())
	if err != nil {
		return err
	}

	got, err := second.one(kindBinary, providerID, host())
	if err != nil {
		return err
	}
	return sameFile(first.file(want), second.file(got))
}

// snapshot builds everything except what would be published. It signs only when
// there are keys.
func (b builder) snapshot(ctx context.Context, clone string, keys *keyring) (dist, error) {
	// The file is outside the clone. Inside, it would be an uncommitted change, and
	// the binaries would record it.
	configuration := clone + ".yml"

	left, err := writeRestricted(filepath.Join(clone, ".goreleaser.yml"), configuration, b.targets)
	if err != nil {
		return dist{}, err
	}

	if left > 0 && keys != nil {
		report("note: %d targets are left out", left)
	}

	skip, env := "--skip=publish,sign", []string(nil)
	if keys != nil {
		skip, env = "--skip=publish", keys.env
	}
	if err := b.goreleaser(ctx, clone, env, "release", "--snapshot", skip, "--config", configuration); err != nil {
		return dist{}, err
	}
	return openDist(clone)
}

func (b builder) clone(ctx context.Context, name, commit string) (string, error) {
	dir := filepath.Join(b.temp, name)
	if _, err := b.run(ctx, ".", nil, "git", "clone", "--quiet", "--no-checkout", ".", dir); err != nil {
		return "", fmt.Errorf("cloning the repository: %w", err)
	}
	if _, err := b.run(ctx, dir, nil, "git", "checkout", "--quiet", "--detach", commit); err != nil {
		return "", fmt.Errorf("checking the commit out: %w", err)
	}
	return dir, nil
}

// compileGoreleaser compiles the pinned goreleaser once. With go tool, the build
// with an empty cache would compile goreleaser again too.
func (b builder) compileGoreleaser(ctx context.Context) error {
	modfile := "-modfile=" + filepath.Join("tools", "goreleaser", "go.mod")
	if _, err := b.run(ctx, ".", nil, "go", "build", modfile, "-o", b.tool(), goreleaserPackage); err != nil {
		return fmt.Errorf("compiling goreleaser: %w", err)
	}
	return nil
}

func (b builder) tool() string {
	return filepath.Join(b.temp, "goreleaser")
}

func (b builder) goreleaser(ctx context.Context, dir string, env []string, args ...string) error {
	if _, err := b.run(ctx, dir, env, b.tool(), args...); err != nil {
		return fmt.Errorf("goreleaser %s: %w", strings.Join(args, " "), err)
	}
	return nil
}

// execute runs a command and returns its standard output. All output becomes part
// of the error when the command fails. Nothing is printed, because the output of
// a command that succeeds is not interesting.
func execute(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer

	command := exec.CommandContext(ctx, name, args...)
	command.Dir = dir
	command.Env = append(os.Environ(), env...)
	command.Stdout = &stdout
	command.Stderr = &stderr
	if err := command.Run(); err != nil {
		return "", errors.Join(err, errors.New(strings.TrimSpace(stdout.String()+stderr.String())))
	}
	return stdout.String(), nil
}
