CREATE TABLE orders (
  id integer PRIMARY KEY,
  item text NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0)
);
INSERT INTO orders VALUES (1000, 'a sample', 1);
