# Programs from published Go modules. Where modules come from and how they are
# checked is the machine's own business (GOPROXY, GOSUMDB, GOFLAGS …).

# go_program FOLDER PACKAGE FILE [LDFLAGS]: a static, stripped program.
go_program() (
    cd "$RECIPES/$1"
    CGO_ENABLED=0 GOARCH=$ARCH GOOS=linux go build -mod=readonly -buildvcs=false -trimpath \
        -ldflags "-s -w ${4:-}" -o "$3" "$2"
)

# expect_pin FOLDER MODULE VERSION: go.mod and the file versions must agree.
expect_pin() {
    grep -qE "^(require )?[[:space:]]*$2 v$3( |\$)" "$RECIPES/$1/go.mod" ||
        fail "$1/go.mod does not name $2 v$3" "run 'go get $2@v$3 && go mod tidy' there"
}
