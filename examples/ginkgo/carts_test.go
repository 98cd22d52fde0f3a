package shop_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/redis/go-redis/v9"
)

// Every process writes the same keys: each has a Redis index of its own.
var _ = Describe("Carts", func() {
	BeforeEach(func(ctx context.Context) {
		Expect(cache.FlushDB(ctx).Err()).To(Succeed())
	})

	for items := 1; items <= 10; items++ {
		It(fmt.Sprintf("counts %d items", items), func(ctx context.Context) {
			for range items {
				Expect(cache.Incr(ctx, "cart:1").Err()).To(Succeed())
			}
			Expect(cache.Get(ctx, "cart:1").Int()).To(Equal(items))
			Expect(cache.Keys(ctx, "*").Val()).To(ConsistOf("cart:1"))
		})
	}

	It("cannot open another's index", func(ctx context.Context) {
		options := *cache.Options()
		options.DB = 63
		other := redis.NewClient(&options)
		DeferCleanup(other.Close)
		Expect(other.Ping(ctx).Err()).To(HaveOccurred())
	})
})
