package example.audit;

/** The database is not what this release can work with. */
final class SchemaMismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    SchemaMismatch(String message) {
        super(message);
    }
}
