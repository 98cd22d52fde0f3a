package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TenantTest {
    private static final Tenant TENANT = Tenant.worker(new Lessee(3, "x1"), "it's", 20);

    @Test
    void makesARoleWithoutPowersThatCarriesItsLease() {
        assertThat(TENANT.roleSql(false)).isEqualTo("""
                CREATE ROLE "worker_3" NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
                  CONNECTION LIMIT 20 PASSWORD 'it''s' VALID UNTIL 'infinity';
                ALTER ROLE "worker_3" RESET ALL;
                DELETE FROM pg_db_role_setting WHERE setdatabase <> 0 AND setrole = '"worker_3"'::regrole;
                ALTER ROLE "worker_3" SET application_name = 'envctl-worker-3-x1';
                """);
    }

    @Test
    void keepsARoleThatIsThere() {
        assertThat(TENANT.roleSql(true)).startsWith("ALTER ROLE \"worker_3\" NOLOGIN");
    }

    @Test
    void isLetInAgainWithWhatItHas() {
        assertThat(TENANT.restoreSql()).isEqualTo("""
                ALTER ROLE "worker_3" LOGIN CONNECTION LIMIT 20 PASSWORD 'it''s';
                ALTER DATABASE "worker_3" WITH ALLOW_CONNECTIONS true CONNECTION LIMIT -1;
                GRANT ALL ON DATABASE "worker_3" TO "worker_3";
                """);
    }

    @Test
    void givesADatabaseItsOwnerOnlyInTheEnd() {
        assertThat(TENANT.claimSql("envctl_spare_1")).doesNotContain("OWNER").contains("RENAME TO \"worker_3\"");
        assertThat(TENANT.openSql()).isEqualTo("""
                ALTER DATABASE "worker_3" OWNER TO "worker_3";
                ALTER ROLE "worker_3" LOGIN;
                """);
    }
}
