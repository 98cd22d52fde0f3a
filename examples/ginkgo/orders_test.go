package shop_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// Every process writes the same ids: each has a database of its own.
var _ = Describe("Orders", func() {
	count := func(ctx context.Context) (number int) {
		Expect(database.QueryRowContext(ctx, "SELECT count(*) FROM orders").Scan(&number)).To(Succeed())
		return number
	}

	for quantity := 1; quantity <= 12; quantity++ {
		It(fmt.Sprintf("keeps an order of %d", quantity), func(ctx context.Context) {
			_, err := database.ExecContext(ctx, "INSERT INTO orders VALUES (1, 'book', $1)", quantity)
			Expect(err).NotTo(HaveOccurred())
			var kept int
			Expect(database.QueryRowContext(ctx, "SELECT quantity FROM orders WHERE id = 1").Scan(&kept)).To(Succeed())
			Expect(kept).To(Equal(quantity))
			Expect(count(ctx)).To(Equal(2), "this one and the sample of the schema")
		})
	}

	It("refuses an order of nothing", func(ctx context.Context) {
		_, err := database.ExecContext(ctx, "INSERT INTO orders VALUES (1, 'nothing', 0)")
		Expect(err).To(MatchError(ContainSubstring("orders_quantity_check")))
	})

	It("may truncate", func(ctx context.Context) {
		_, err := database.ExecContext(ctx, "TRUNCATE orders")
		Expect(err).NotTo(HaveOccurred())
		Expect(count(ctx)).To(BeZero())
	})

	It("names what it makes after the test", func(ctx context.Context) {
		name := lease.NextTestID() + "-book"
		_, err := database.ExecContext(ctx, "INSERT INTO orders VALUES (1, $1, 1)", name)
		Expect(err).NotTo(HaveOccurred())
		Expect(name).To(MatchRegexp(`^w%d-[0-9a-f]{8}-[0-9]+-book$`, lease.Worker))
	})
})
