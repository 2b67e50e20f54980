package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// terraformVersion is the version of Terraform that is installed when PATH has
// none.
const terraformVersion = "1.11.4"

const openTofuModule = "github.com/opentofu/opentofu"

// The values of -cli that are not a path.
const (
	wantAuto        = "auto"
	wantTerraform   = "terraform"
	wantOpenTofu    = "opentofu"
	wantOpenTofu110 = "opentofu-1.10"
)

// cli is a Terraform or OpenTofu binary.
type cli struct {
	path     string
	openTofu bool
}

// finder looks for a binary on PATH, and then in the cache. When neither has it,
// finder installs it into the cache. Its functions are fields, so that tests need
// no network and no compiler.
type finder struct {
	root     string
	cache    string
	lookPath func(string) (string, error)
	version  func(ctx context.Context, path string) (string, error)
	exec     func(ctx context.Context, dir, name string, args ...string) error
}

func newFinder() (*finder, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}

	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("finding the user's cache directory: %w", err)
	}
	return &finder{
		root:     root,
		cache:    filepath.Join(cache, "terraform-provider-commercelayer"),
		lookPath: exec.LookPath,
		version:  cliVersion,
		exec:     execute,
	}, nil
}

func (f *finder) find(ctx context.Context, want string) (cli, error) {
	switch want {
	case wantAuto, "":
		return f.auto(ctx)
	case wantTerraform:
		return f.terraform(ctx)
	case wantOpenTofu:
		return f.openTofu(ctx, wantOpenTofu)
	case wantOpenTofu110:
		return f.openTofu(ctx, wantOpenTofu110)
	default:
		return f.given(want)
	}
}

// auto takes the CLI that is on PATH. When PATH has none, it downloads Terraform,
// because building OpenTofu takes minutes. When the download fails, it builds
// OpenTofu, because that needs only the Go module proxy.
func (f *finder) auto(ctx context.Context) (cli, error) {
	if path, err := f.lookPath(wantTerraform); err == nil {
		return cli{path: path}, nil
	}
	if path, err := f.lookPath("tofu"); err == nil {
		return cli{path: path, openTofu: true}, nil
	}

	found, err := f.terraform(ctx)
	if err != nil {
		fmt.Fprintf(os.Stderr, "findcli: %v; building OpenTofu instead\n", err)
		return f.openTofu(ctx, wantOpenTofu)
	}
	return found, nil
}

func (f *finder) terraform(ctx context.Context) (cli, error) {
	if path, err := f.lookPath(wantTerraform); err == nil {
		return cli{path: path}, nil
	}

	dir := filepath.Join(f.cache, "terraform-"+terraformVersion)
	path := filepath.Join(dir, executable(wantTerraform))

	if isFile(path) {
		return cli{path: path}, nil
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return cli{}, fmt.Errorf("making the cache directory: %w", err)
	}

	fmt.Fprintf(os.Stderr, "findcli: there is no Terraform on PATH, so version %s is installed\n", terraformVersion)

	err := f.exec(ctx, f.root, "go", "tool", "-modfile="+filepath.Join("tools", "go.mod"),
		"hc-install", "install", "-version", terraformVersion, "-path", dir, wantTerraform)
	if err != nil {
		return cli{}, fmt.Errorf("installing Terraform %s: %w", terraformVersion, err)
	}
	return cli{path: path}, nil
}

// openTofu finds OpenTofu in the version that tools/<name>/go.mod requires. A
// binary on PATH is good enough when it has the same minor version.
func (f *finder) openTofu(ctx context.Context, name string) (cli, error) {
	dir := filepath.Join(f.root, "tools", name)

	version, err := requiredVersion(filepath.Join(dir, "go.mod"), openTofuModule)
	if err != nil {
		return cli{}, err
	}

	if path, lookErr := f.lookPath("tofu"); lookErr == nil {
		if have, versionErr := f.version(ctx, path); versionErr == nil && minor(have) == minor(version) {
			return cli{path: path, openTofu: true}, nil
		}
	}

	path := filepath.Join(f.cache, "opentofu-"+version, executable("tofu"))
	if isFile(path) {
		return cli{path: path, openTofu: true}, nil
	}

	fmt.Fprintf(os.Stderr, "findcli: building OpenTofu %s, which takes some minutes and is needed only once\n", version)

	// The binary gets its final name only after a complete build. So an
	// interrupted build is never used.
	partial := path + ".partial"

	err = f.exec(ctx, dir, "go", "build", "-trimpath", "-o", partial,
		"-ldflags", "-s -w -X "+openTofuModule+"/version.dev=no", openTofuModule+"/cmd/tofu")
	if err != nil {
		return cli{}, fmt.Errorf("building OpenTofu %s: %w", version, err)
	}
	if err := os.Rename(partial, path); err != nil {
		return cli{}, fmt.Errorf("placing OpenTofu %s: %w", version, err)
	}
	return cli{path: path, openTofu: true}, nil
}

func (f *finder) given(path string) (cli, error) {
	absolute, err := f.lookPath(path)
	if err != nil {
		return cli{}, fmt.Errorf("-cli takes terraform, opentofu, opentofu-1.10, auto or a binary's path: %w", err)
	}

	absolute, err = filepath.Abs(absolute)
	if err != nil {
		return cli{}, fmt.Errorf("finding the absolute path of %s: %w", path, err)
	}
	return cli{path: absolute, openTofu: strings.Contains(filepath.Base(absolute), "tofu")}, nil
}

// cliVersion asks a binary for its version. OpenTofu and Terraform use the same
// key for it in their answer.
func cliVersion(ctx context.Context, path string) (string, error) {
	command := exec.CommandContext(ctx, path, "version", "-json")
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+os.DevNull)

	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("asking %s for its version: %w", path, err)
	}

	var answer struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(output, &answer); err != nil {
		return "", fmt.Errorf("reading the version of %s: %w", path, err)
	}
	return answer.Version, nil
}

// execute runs a command with its output on standard error. The standard output
// of findcli is read by make, so it must hold only the result.
func execute(ctx context.Context, dir, name string, args ...string) error {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = dir
	command.Stdout = os.Stderr
	command.Stderr = os.Stderr
	return command.Run()
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
