package dev.envctl.it;

import dev.envctl.it.Attempt.Misfired;
import dev.envctl.it.Attempt.Outcome;
import dev.envctl.it.Attempt.Refused;
import dev.envctl.it.Attempt.Succeeded;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Against worker 2, the services' own database and the server, with worker 1's login. */
final class PostgresAttempts {
    /**
     * insufficient_privilege, invalid_authorization, invalid_password, object_not_in_prerequisite_state (a database that
     * accepts no connections), object_in_use (its own, which it is connected to).
     */
    private static final Set<String> REFUSALS = Set.of("42501", "28000", "28P01", "55000", "55006");

    private static final List<String> DATABASES = List.of("worker_2", "app", "postgres", "template1", "template0");
    private static final List<String> ROLES = List.of("worker_2", "app", "postgres");
    private static final List<String> POWERS = List.of(
            "pg_read_all_data",
            "pg_write_all_data",
            "pg_read_server_files",
            "pg_write_server_files",
            "pg_execute_server_program",
            "pg_signal_backend",
            "pg_monitor",
            "pg_read_all_stats",
            "pg_read_all_settings",
            "pg_checkpoint");

    private static final List<String> STATEMENTS = List.of(
            "CREATE DATABASE mine",
            "CREATE DATABASE mine TEMPLATE worker_2",
            "CREATE DATABASE mine TEMPLATE app",
            "DROP DATABASE worker_1",
            "ALTER DATABASE worker_1 RENAME TO mine",
            "ALTER DATABASE worker_1 OWNER TO worker_2",
            "ALTER DATABASE worker_1 SET TABLESPACE pg_global",
            "CREATE ROLE mine",
            "CREATE ROLE mine SUPERUSER LOGIN",
            "CREATE USER mine PASSWORD 'x'",
            "ALTER ROLE worker_1 SUPERUSER",
            "ALTER ROLE worker_1 CREATEDB",
            "ALTER ROLE worker_1 CREATEROLE",
            "ALTER ROLE worker_1 REPLICATION",
            "ALTER ROLE worker_1 BYPASSRLS",
            "ALTER ROLE worker_1 CONNECTION LIMIT -1",
            "ALTER ROLE worker_1 VALID UNTIL '2000-01-01'",
            "ALTER ROLE ALL SET search_path = mine",
            "ALTER ROLE worker_1 SET session_preload_libraries = 'mine'",
            "DROP ROLE worker_1",
            "REASSIGN OWNED BY worker_1 TO worker_2",
            "ALTER SYSTEM SET max_connections = 1",
            "ALTER SYSTEM SET archive_command = 'touch /tmp/mine'",
            "ALTER SYSTEM RESET ALL",
            "SET session_replication_role = 'replica'",
            "SET log_statement = 'none'",
            "SET log_min_messages = 'panic'",
            "SET temp_file_limit = -1",
            "SET lo_compat_privileges = on",
            "SET allow_system_table_mods = on",
            "SET zero_damaged_pages = on",
            "SET ignore_checksum_failure = on",
            "SET dynamic_library_path = '/tmp'",
            "SET session_preload_libraries = 'mine'",
            "SET track_activities = off",
            "SHOW data_directory",
            "SHOW hba_file",
            "SELECT current_setting('config_file')",
            "SELECT pg_reload_conf()",
            "SELECT pg_rotate_logfile()",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT pg_read_file('PG_VERSION')",
            "SELECT pg_read_binary_file('/run/secrets/envctl/superuser-password')",
            "SELECT pg_ls_dir('/')",
            "SELECT pg_stat_file('PG_VERSION')",
            "SELECT pg_ls_logdir()",
            "SELECT pg_ls_waldir()",
            "SELECT pg_ls_tmpdir()",
            "SELECT lo_import('/etc/passwd')",
            "SELECT lo_export(lo_create(0), '/tmp/mine')",
            "CREATE TEMP TABLE lines (line text); COPY lines FROM '/etc/passwd'",
            "COPY (SELECT 1) TO '/tmp/mine'",
            "CREATE TEMP TABLE lines (line text); COPY lines FROM PROGRAM 'id'",
            "COPY (SELECT 1) TO PROGRAM 'sh'",
            "COPY pg_authid TO STDOUT",
            "SELECT rolpassword FROM pg_authid",
            "SELECT passwd FROM pg_shadow",
            "SELECT * FROM pg_hba_file_rules",
            "SELECT * FROM pg_file_settings",
            "SELECT * FROM pg_ident_file_mappings",
            "SELECT * FROM pg_config",
            "SELECT * FROM pg_backend_memory_contexts",
            "SELECT * FROM pg_shmem_allocations",
            "SELECT * FROM pg_statistic",
            "SELECT * FROM pg_largeobject",
            "SELECT subconninfo FROM pg_subscription",
            "UPDATE pg_database SET datdba = (SELECT oid FROM pg_roles WHERE rolname = 'worker_1')",
            "UPDATE pg_authid SET rolsuper = true",
            "INSERT INTO pg_auth_members VALUES (1, 10, 16384, 10, true)",
            "DELETE FROM pg_database WHERE datname = 'worker_2'",
            "TRUNCATE pg_database",
            "DROP TABLE pg_authid",
            "ALTER TABLE pg_database ADD COLUMN mine int",
            "CREATE TABLE pg_catalog.mine (id int)",
            "BEGIN; LOCK TABLE pg_database IN EXCLUSIVE MODE",
            "BEGIN; LOCK TABLE pg_authid IN ACCESS SHARE MODE",
            "REINDEX TABLE pg_database",
            "CHECKPOINT",
            "SELECT pg_switch_wal()",
            "SELECT pg_create_restore_point('mine')",
            "SELECT pg_backup_start('mine')",
            "SELECT pg_promote()",
            "SELECT pg_wal_replay_pause()",
            "SELECT pg_stat_reset()",
            "SELECT pg_stat_reset_shared('bgwriter')",
            "SELECT pg_create_physical_replication_slot('mine')",
            "SELECT pg_create_logical_replication_slot('mine', 'pgoutput')",
            "SELECT pg_drop_replication_slot('mine')",
            "SELECT pg_replication_origin_create('mine')",
            "CREATE SUBSCRIPTION mine CONNECTION 'host=127.0.0.1 user=postgres' PUBLICATION mine",
            "CREATE PUBLICATION mine FOR ALL TABLES",
            "CREATE TABLESPACE mine LOCATION '/tmp'",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE c AS '/tmp/mine'",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE internal AS 'pg_backend_pid'",
            "CREATE FUNCTION mine() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
                    + " CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION mine()",
            "CREATE FOREIGN DATA WRAPPER mine",
            "CREATE ACCESS METHOD mine TYPE INDEX HANDLER bthandler",
            "CREATE CAST (int8 AS text) WITHOUT FUNCTION",
            "LOAD '/tmp/mine.so'",
            "DO $$ BEGIN EXECUTE 'ALTER ROLE worker_1 SUPERUSER'; END $$");

    private final String url;
    private final int pid;

    /** @param pid of one of worker 2's server processes */
    PostgresAttempts(String url, int pid) {
        this.url = url;
        this.pid = pid;
    }

    List<Attempt> all() {
        var attempts = new ArrayList<Attempt>();
        for (var database : DATABASES) {
            attempts.add(sql("connect to " + database, PostgresClient.onDatabase(url, database), "SELECT 1"));
        }
        for (var role : ROLES) {
            attempts.add(sql("log in as " + role, as(role), "SELECT 1"));
        }
        STATEMENTS.forEach(statement -> attempts.add(sql(statement)));
        DATABASES.forEach(database -> ofDatabase(database).forEach(statement -> attempts.add(sql(statement))));
        ROLES.forEach(role -> ofRole(role).forEach(statement -> attempts.add(sql(statement))));
        POWERS.forEach(power -> attempts.add(sql("GRANT %s TO worker_1".formatted(power))));
        for (var function : List.of("pg_terminate_backend", "pg_cancel_backend", "pg_log_backend_memory_contexts")) {
            attempts.add(sql("SELECT %s(%d)".formatted(function, pid)));
        }
        attempts.add(new Attempt("Postgres: read what worker 2 asks", this::readQueries));
        return attempts;
    }

    private static List<String> ofDatabase(String name) {
        return List.of(
                "DROP DATABASE " + name,
                "DROP DATABASE " + name + " WITH (FORCE)",
                "ALTER DATABASE " + name + " RENAME TO mine",
                "ALTER DATABASE " + name + " OWNER TO worker_1",
                "ALTER DATABASE " + name + " SET search_path = mine",
                "ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS false",
                "ALTER DATABASE " + name + " WITH CONNECTION LIMIT 0",
                "COMMENT ON DATABASE " + name + " IS 'mine'",
                "CREATE DATABASE copied TEMPLATE " + name);
    }

    private static List<String> ofRole(String name) {
        return List.of(
                "SET ROLE " + name,
                "SET SESSION AUTHORIZATION " + name,
                "GRANT %s TO worker_1".formatted(name),
                "ALTER ROLE " + name + " PASSWORD 'x'",
                "ALTER ROLE " + name + " SET search_path = mine",
                "ALTER ROLE " + name + " NOLOGIN",
                "REASSIGN OWNED BY " + name + " TO worker_1",
                "DROP OWNED BY " + name,
                "DROP ROLE " + name);
    }

    private Attempt sql(String statement) {
        return sql(statement, url, statement);
    }

    private static Attempt sql(String name, String url, String statement) {
        return new Attempt("Postgres: " + name, () -> run(url, statement));
    }

    private static Outcome run(String url, String statement) {
        try {
            PostgresClient.run(url, statement);
            return new Succeeded("no error");
        } catch (SQLException e) {
            var answer = e.getSQLState() + " " + e.getMessage();
            return REFUSALS.contains(String.valueOf(e.getSQLState())) ? new Refused(answer) : new Misfired(answer);
        }
    }

    private Outcome readQueries() throws SQLException {
        var seen = PostgresClient.ask(url, "SELECT query FROM pg_stat_activity WHERE pid = " + pid);
        return seen.equals("<insufficient privilege>") ? new Refused(seen) : new Succeeded(seen);
    }

    private String as(String role) {
        return url.replaceFirst(URI.create(url).getUserInfo().split(":", 2)[0], role);
    }
}
