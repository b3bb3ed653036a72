package io.tarsy.history.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

    private static final String CANARY = "canary";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sqlite:///history.db                   | history.db
            sqlite:///./data/x.db                  | ./data/x.db
            sqlite:////var/lib/tarsy/history.db    | /var/lib/tarsy/history.db
            sqlite:///:memory:                     | :memory:
            sqlite://                              | :memory:
            SQLite:///history.db                   | history.db
            sqlite+pysqlite:///history.db          | history.db
            sqlite+aiosqlite:///:memory:           | :memory:
            sqlite:///my%20file.db                 | my file.db
            sqlite:///a+b.db                       | a+b.db
            sqlite:///what%3F.db                   | what?.db
            sqlite:///history.db?                  | history.db
            """)
    void r10ASqliteFileIsFound(String text, String location) {
        var url = DatabaseUrl.parse(text);

        assertThat(url.type()).isEqualTo(DatabaseType.SQLITE);
        assertThat(url.location()).isEqualTo(location);
        assertThat(url.isMemory()).isEqualTo(location.equals(":memory:"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            postgresql://user:pass@host:5432/db               | host:5432/db                | user   | pass
            postgresql://user:pass@host/db                    | host:5432/db                | user   | pass
            postgres://user:pass@host/db                      | host:5432/db                | user   | pass
            postgresql+psycopg2://user:pass@host/db           | host:5432/db                | user   | pass
            postgresql+asyncpg://user:pass@host/db            | host:5432/db                | user   | pass
            POSTGRESQL://user:pass@host/db                    | host:5432/db                | user   | pass
            Postgres+AsyncPG://user:pass@host/db              | host:5432/db                | user   | pass
            postgresql://u:p%40ss%2Fw%3Ard%251@host/db        | host:5432/db                | u      | p@ss/w:rd%1
            postgresql://u:a+b@host/db                        | host:5432/db                | u      | a+b
            postgresql://u:a%2Bb%20c@host/db                  | host:5432/db                | u      | a+b c
            postgresql://u:%C3%BCmlaut@host/db                | host:5432/db                | u      | ümlaut
            postgresql://u%40corp:p@host/db                   | host:5432/db                | u@corp | p
            postgresql://u:p@ss@host/db                       | host:5432/db                | u      | p@ss
            postgresql://u:p:ss@host/db                       | host:5432/db                | u      | p:ss
            postgresql://u@host/db                            | host:5432/db                | u      | -
            postgresql://u:@host/db                           | host:5432/db                | u      | -
            postgresql://host/db                              | host:5432/db                | -      | -
            postgresql://u:p@[::1]/db                         | [::1]:5432/db               | u      | p
            postgresql://u:p@[2001:db8::7]:6000/db            | [2001:db8::7]:6000/db       | u      | p
            postgresql://u:p@a,b/db                           | a:5432,b:5432/db            | u      | p
            postgresql://u:p@a:1,b:65535,[::1]:3/db           | a:1,b:65535,[::1]:3/db      | u      | p
            postgresql://u:p@10.0.0.7:5433/my%20db            | 10.0.0.7:5433/my db         | u      | p
            postgresql://u:p@host/db?                         | host:5432/db                | u      | p
            """)
    void r10APostgresqlServerIsFound(String text, String location, String user, String password) {
        var url = DatabaseUrl.parse(text);

        assertThat(url.type()).isEqualTo(DatabaseType.POSTGRESQL);
        assertThat(url.location()).isEqualTo(location);
        assertThat(url.user()).isEqualTo(user);
        assertThat(url.password()).isEqualTo(password);
        assertThat(url.isMemory()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mysql://u:canary@h/db                            | The scheme mysql is not supported
            postgress://u:canary@h/db                        | Did you mean postgres
            sqlite3:///history.db                            | Did you mean sqlite
            jdbc:postgresql://h/db?password=canary           | leave jdbc: away
            u:canary@h/db                                    | does not begin with a scheme
            history.db                                       | does not begin with a scheme
            postgresql:/u:canary@h/db                        | does not begin with a scheme
            ''                                               | does not begin with a scheme
            sqlite:///                                       | The name of the file is missing
            sqlite://history.db                              | comes after three slashes
            sqlite://:memory:                                | comes after three slashes
            sqlite:///folder/                                | that of a folder
            sqlite:///..                                     | that of a folder
            sqlite:///x%2.db                                 | broken percent code
            sqlite:///x%00.db                                | broken percent code
            sqlite:///x.db?mode=ro                           | takes no parameters
            sqlite:///x.db?pool_size=3                       | takes no parameters
            sqlite:///x#y.db                                 | write # as %23
            postgresql://u:canary@h                          | name of the database is missing
            postgresql://u:canary@h/                         | name of the database is missing
            postgresql://u:canary@h/?sslmode=require         | name of the database is missing
            postgresql://u:canary@h/db/more                  | a second /
            postgresql://u:canary@/db                        | A host is empty
            postgresql:///db                                 | A host is empty
            postgresql://u:canary@:5432/db                   | A host is empty
            postgresql://u:canary@a,,b/db                    | A host is empty
            postgresql://:canary@h/db                        | The user before the @ is empty
            postgresql://u:canary@h:port/db                  | whole number from 1 to 65535
            postgresql://u:canary@h:0/db                     | whole number from 1 to 65535
            postgresql://u:canary@h:65536/db                 | whole number from 1 to 65535
            postgresql://u:canary@h:/db                      | whole number from 1 to 65535
            postgresql://u:canary@h:-1/db                    | whole number from 1 to 65535
            postgresql://u:canary@::1/db                     | whole number from 1 to 65535
            postgresql://u:canary/db                         | whole number from 1 to 65535
            postgresql://u:canary@[::1/db                    | A host cannot be read
            postgresql://u:canary@[h]/db                     | characters that no host name
            postgresql://u:canary@h h/db                     | characters that no host name
            postgresql://u:canary%@h/db                      | The password holds a broken percent code
            postgresql://u:canary%zz@h/db                    | The password holds a broken percent code
            postgresql://u:canary%ff@h/db                    | The password holds a broken percent code
            postgresql://u:canary%00@h/db                    | The password holds a broken percent code
            postgresql://u%4:canary@h/db                     | The user holds a broken percent code
            postgresql://u:canary@h/d%b                      | name of the database holds a broken
            postgresql:///db?host=/var/run/postgresql        | Unix sockets cannot be used
            postgresql://u:canary@/db?host=%2Fvar%2Frun      | Unix sockets cannot be used
            postgresql://u:canary@%2Fvar%2Frun/db            | Unix sockets cannot be used
            postgresql://u:canary@h/db?host=other            | The parameter host is not read
            postgresql://u@h/db?password=canary              | The parameter password is not read
            postgresql://u@h/db?password=x&canary            | A parameter is unknown
            postgresql://u:x@h/db?sslmod=require             | Did you mean sslmode?
            postgresql://u:x@h/db?poolsize=3                 | Did you mean pool_size?
            postgresql://u:x@h/db?sslMode=require            | Did you mean sslmode?
            postgresql://u:x@h/db?zebra=1                    | The parameter zebra is unknown
            postgresql://u:x@h/db?sslmode=canary             | disable, allow, prefer, require, verify-ca
            postgresql://u:x@h/db?pool_size=0                | pool_size must be a whole number from 1
            postgresql://u:x@h/db?max_overflow=-1            | max_overflow must be a whole number from 0
            postgresql://u:x@h/db?pool_timeout=soon          | pool_timeout must be
            postgresql://u:x@h/db?pool_recycle=0             | or -1
            postgresql://u:x@h/db?pool_pre_ping=maybe        | true or false
            postgresql://u:x@h/db?pool_size=3&pool_size=4    | given twice
            postgresql://u:x@h/db?pool_size                  | has no value
            postgresql://u:x@h/db?pool_size=                 | has no value
            postgresql://u:x@h/db?options=%zz                | broken percent code
            postgresql://u:x@h/db?target_session_attrs=any&targetServerType=any | keep one of them
            postgresql://u:x@h/db#part                       | write # as %23
            postgresql://u:x%23canary/y@h/db                 | @ behind the host
            postgresql://u:can/ary@h/db                      | @ behind the host
            postgresql://u:can?ary@h/db                      | @ behind the host
            postgresql://u:can#ary@h/db                      | @ behind the host
            postgresql://u:can@ary/canary@h/db               | @ behind the host
            postgresql://u:ca:n/ar?y#c@h:5432/db?sslmode=x   | @ behind the host
            postgresql://h/db?application_name=a@b           | in a parameter write @ as %40
            """)
    void r10WhatIsWrongIsSaidWithoutThePassword(String text, String part) {
        var failure = failureOf(text);

        assertThat(failure.faults()).anySatisfy(fault -> assertThat(fault).contains(part));
        assertThat(failure.toString()).doesNotContain(CANARY, "can/ary", "ary@", "ary ");
    }

    @Test
    void allFaultsComeTogether() {
        var failure = failureOf("postgresql://u:canary%@:99999/?sslmod=require&pool_size=x#y");

        assertThat(failure.faults()).hasSize(7);
        assertThat(failure).hasMessageContaining("sslmod ").message().doesNotContain(CANARY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pool_size=10                     | POOL_SIZE            | 10
            max_overflow=0                   | MAX_OVERFLOW         | 0
            pool_timeout=5                   | POOL_TIMEOUT         | 5
            pool_recycle=-1                  | POOL_RECYCLE         | -1
            pool_pre_ping=False              | POOL_PRE_PING        | false
            sslmode=verify-full              | SSL_MODE             | verify-full
            sslrootcert=/etc/ca.pem          | SSL_ROOT_CERT        | /etc/ca.pem
            sslcert=/etc/me.pem              | SSL_CERT             | /etc/me.pem
            sslkey=/etc/me.key               | SSL_KEY              | /etc/me.key
            connect_timeout=3                | CONNECT_TIMEOUT      | 3
            application_name=a+b%20c         | APPLICATION_NAME     | a+b c
            options=-c%20search_path%3Dx     | OPTIONS              | -c search_path=x
            options=-c search_path=x         | OPTIONS              | -c search_path=x
            target_session_attrs=read-write  | TARGET_SESSION_ATTRS | read-write
            targetServerType=preferSecondary | TARGET_SERVER_TYPE   | preferSecondary
            """)
    void aKnownParameterIsRead(String query, UrlParameter parameter, String value) {
        var url = DatabaseUrl.parse("postgresql://u:p@h/db?" + query);

        assertThat(url.parameter(parameter)).contains(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
    void everySslModeOfLibpqIsKnown(String mode) {
        assertThat(DatabaseUrl.parse("postgresql://h/db?sslmode=" + mode).parameter(UrlParameter.SSL_MODE))
                .contains(mode);
    }

    @Test
    void r9ThePasswordIsNeverShown() {
        var shown = Map.of(
                "postgresql://u:canary@h/db?sslmode=require", "postgresql://u:***@h:5432/db",
                "postgresql://u@h/db", "postgresql://u@h:5432/db",
                "sqlite:////x.db", "sqlite:////x.db");

        shown.forEach((text, redacted) -> {
            assertThat(DatabaseUrl.parse(text).redacted()).isEqualTo(redacted);
            assertThat(DatabaseUrl.parse(text)).hasToString(redacted);
        });
    }

    private static InvalidDatabaseUrlException failureOf(String text) {
        return catchThrowableOfType(InvalidDatabaseUrlException.class, () -> DatabaseUrl.parse(text));
    }
}
