-- Times are Unix seconds, amounts are fen (1/100 yuan).
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS customers (
  phone TEXT PRIMARY KEY, name TEXT NOT NULL, level TEXT NOT NULL, address TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS products (
  sku TEXT PRIMARY KEY, category TEXT NOT NULL, name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
  price_fen INTEGER NOT NULL, list_price_fen INTEGER NOT NULL, warranty_months INTEGER NOT NULL, no_reason_return INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS stock (
  sku TEXT NOT NULL REFERENCES products, warehouse TEXT NOT NULL, quantity INTEGER NOT NULL CHECK (quantity >= 0),
  PRIMARY KEY (sku, warehouse)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS orders (
  number TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customers, status TEXT NOT NULL,
  placed_at INTEGER NOT NULL, paid_at INTEGER, shipped_at INTEGER, delivered_at INTEGER, cancelled_at INTEGER,
  payment TEXT NOT NULL, warehouse TEXT NOT NULL,
  goods_fen INTEGER NOT NULL, shipping_fen INTEGER NOT NULL, discount_fen INTEGER NOT NULL, total_fen INTEGER NOT NULL,
  recipient TEXT NOT NULL, phone TEXT NOT NULL, address TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS orders_of_customer ON orders (customer, placed_at DESC);

CREATE TABLE IF NOT EXISTS order_items (
  order_number TEXT NOT NULL REFERENCES orders, line INTEGER NOT NULL, sku TEXT NOT NULL REFERENCES products,
  quantity INTEGER NOT NULL CHECK (quantity > 0), price_fen INTEGER NOT NULL, tracking_number TEXT,
  PRIMARY KEY (order_number, line)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS parcels (
  tracking_number TEXT PRIMARY KEY, order_number TEXT NOT NULL REFERENCES orders, carrier_zh TEXT NOT NULL, carrier_en TEXT NOT NULL,
  expected_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS parcels_of_order ON parcels (order_number);

CREATE TABLE IF NOT EXISTS parcel_events (
  tracking_number TEXT NOT NULL REFERENCES parcels, at INTEGER NOT NULL, code TEXT NOT NULL, place_zh TEXT NOT NULL, place_en TEXT NOT NULL,
  PRIMARY KEY (tracking_number, at)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS returns (
  number TEXT PRIMARY KEY, order_number TEXT NOT NULL UNIQUE REFERENCES orders, kind TEXT NOT NULL, reason TEXT NOT NULL, note TEXT,
  skus TEXT NOT NULL, requested_at INTEGER NOT NULL, send_back_by INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS refunds (
  number TEXT PRIMARY KEY, order_number TEXT NOT NULL UNIQUE REFERENCES orders, status TEXT NOT NULL, amount_fen INTEGER NOT NULL,
  requested_at INTEGER NOT NULL, expected_by INTEGER NOT NULL, completed_at INTEGER
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS invoices (
  order_number TEXT PRIMARY KEY REFERENCES orders, kind TEXT NOT NULL, title TEXT NOT NULL, tax_number TEXT, email TEXT,
  amount_fen INTEGER NOT NULL, status TEXT NOT NULL, requested_at INTEGER NOT NULL, issued_at INTEGER, invoice_number TEXT
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS coupons (
  code TEXT PRIMARY KEY, customer TEXT NOT NULL REFERENCES customers, kind TEXT NOT NULL, name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
  threshold_fen INTEGER NOT NULL, value INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, used_by_order TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS coupons_of_customer ON coupons (customer, valid_to);

CREATE TABLE IF NOT EXISTS idempotency (
  customer TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (customer, key)
) WITHOUT ROWID;
