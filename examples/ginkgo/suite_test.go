package shop_test

import (
	"context"
	"database/sql"
	"testing"

	_ "github.com/lib/pq"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/redis/go-redis/v9"

	"envctl.dev/examples/ginkgo/envctl"
)

// What this process has for itself.
var (
	lease    *envctl.Lease
	database *sql.DB
	cache    *redis.Client
)

func TestShop(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Shop")
}

var _ = SynchronizedBeforeSuite(func(ctx context.Context) []byte {
	handOff, err := envctl.Up(ctx, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	return handOff
}, func(text []byte) {
	handOff, err := envctl.ReadHandOff(text)
	Expect(err).NotTo(HaveOccurred())
	lease, err = handOff.Lease(GinkgoParallelProcess())
	Expect(err).NotTo(HaveOccurred())

	database, err = sql.Open("postgres", lease.Postgres.URL+"?sslmode=disable")
	Expect(err).NotTo(HaveOccurred())
	options, err := redis.ParseURL(lease.Redis.URL)
	Expect(err).NotTo(HaveOccurred())
	cache = redis.NewClient(options)
})

var _ = SynchronizedAfterSuite(func() {
	if lease != nil {
		Expect(database.Close()).To(Succeed())
		Expect(cache.Close()).To(Succeed())
	}
}, func(ctx context.Context) {
	if lease != nil {
		Expect(envctl.Leave(ctx, GinkgoWriter)).To(Succeed())
	}
})

// Fresh before each spec; Redis' index and the namespace are emptied where they are used.
var _ = BeforeEach(func(ctx context.Context) {
	Expect(lease.Reset(ctx, "postgres")).To(Succeed())
	AddReportEntry("lease", lease.ID, ReportEntryVisibilityFailureOrVerbose)
})
