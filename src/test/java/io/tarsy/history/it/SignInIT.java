package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who is not signed in gets nothing. Open Liberty with the commands of docs/servers.md and an OpenID Connect provider
 * of its own; any other server, which has no way of signing in, refuses everybody.
 */
@Tag("across")
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInIT {
    private static final Path PROJECT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final String SECRET = "known to the tests";
    private static final String LIST = "api/v1/history/sessions";

    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Process provider;

    @SuppressWarnings("NullAway.Init")
    private ShellServer server;

    @SuppressWarnings("NullAway.Init")
    private SSLContext tls;

    private String issuer = "";

    @BeforeAll
    void starts() throws Exception {
        folder = Files.createTempDirectory(PROJECT.resolve("target"), "sign-in-");
        OwnLiberty.into(folder);
        Files.createSymbolicLink(folder.resolve("tarsy-history.war"), PROJECT.resolve("target/tarsy-history.war"));
        int port = ShellServer.freePort();
        startProvider("http://127.0.0.1:" + port);
        var commands = new Page("docs/deployment.md").commands("Open Liberty").get(0);
        int last = commands.lastIndexOf("exec ");
        var script = "set -eu\n" + commands.substring(0, last).replace("8080", Integer.toString(port))
                + new Page("docs/servers.md")
                        .commands("OpenID Connect on Open Liberty")
                        .get(0)
                + "export oidc_https_required=false oidc_public_address=http://127.0.0.1:" + port
                + " oidc_discovery_url=" + issuer + "/.well-known/openid-configuration"
                + " oidc_trust_store=$PWD/trust.p12 oidc_trust_password='for the tests'\n"
                + commands.substring(last);
        Files.writeString(folder.resolve("oidc_client_secret"), SECRET);
        server = ShellServer.start(List.of("bash", "-c", script), folder, port, Map.of());
    }

    private void startProvider(String tarsy) throws Exception {
        tls = OwnCertificate.into(folder);
        int port = ShellServer.freePort();
        issuer = "https://127.0.0.1:" + port + "/oidc/endpoint/provider";
        var home = Files.createDirectories(folder.resolve("provider/servers/provider"));
        Files.copy(PROJECT.resolve("src/test/resources/oidc/provider.xml"), home.resolve("server.xml"));
        var builder = new ProcessBuilder("wlp/bin/server", "run", "provider")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("provider.log").toFile());
        builder.environment().put("WLP_USER_DIR", folder.resolve("provider").toString());
        builder.environment().put("provider_keys", folder.resolve("keys.p12").toString());
        builder.environment().put("provider_port", Integer.toString(port));
        builder.environment().put("tarsy_address", tarsy);
        provider = builder.start();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!isThere(URI.create(issuer + "/.well-known/openid-configuration"))) {
            assertThat(provider.isAlive() && System.nanoTime() < end)
                    .as(Files.readString(folder.resolve("provider.log")))
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }

    private HttpClient.Builder client() {
        return HttpClient.newBuilder().sslContext(tls);
    }

    private boolean isThere(URI address) throws InterruptedException {
        try {
            return send(client().build(), HttpRequest.newBuilder(address).build())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    @AfterAll
    void ends() throws Exception {
        if (server != null) {
            server.close();
        }
        if (provider != null) {
            var all = provider.descendants().toList();
            provider.destroy();
            all.forEach(ProcessHandle::destroy);
            for (var one : all) {
                one.onExit().get(30, TimeUnit.SECONDS);
            }
            provider.waitFor(30, TimeUnit.SECONDS);
        }
        OwnLiberty.removeLinks(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {LIST, "api/v1/system/config", "api/v1/history/events", "index.html", "app.js", "docs/api.md"})
    void whoSendsNothingIsRefused(String path) {
        var refused = server.client().get(path).expect(401);
        assertThat(refused.text()).contains("urn:tarsy:problem:not-signed-in");
        assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    @Test
    void nothingIsWrittenForThem() throws Exception {
        server.client().post(LIST, Sample.session("unknown")).expect(401);
        server.client().delete(LIST + "/unknown").expect(401);
        var program = token("tarsy-history");
        assertThat(get(LIST + "/unknown", "Authorization", "Bearer " + program).statusCode())
                .isEqualTo(404);
    }

    @Test
    void nobodyListensUnknown() {
        var address = server.root().toString().replaceFirst("^http", "ws") + "ws/dashboard/somebody";
        assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(URI.create(address), new WebSocket.Listener() {})
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("WebSocketHandshakeException");
    }

    @Test
    void whatIsNoTokenOrForSomebodyElseIsRefused() throws Exception {
        for (var wrong : List.of(
                "Bearer nonsense",
                "Bearer " + token("another"),
                "Bearer " + forged(token("tarsy-history")),
                "Basic " + basic("ada", "for the tests"))) {
            var refused = get(LIST, "Authorization", wrong);
            assertThat(refused.statusCode()).as(wrong).isEqualTo(401);
            assertThat(refused.body()).as(wrong).contains("not-signed-in");
            assertThat(refused.headers().firstValue("Location")).as(wrong).isEmpty();
        }
    }

    @Test
    void aProgramWritesAndReadsWithItsToken() throws Exception {
        var bearer = "Bearer " + token("tarsy-history");
        var written = send(
                HttpClient.newHttpClient(),
                request(LIST)
                        .header("Authorization", bearer)
                        .header("Content-Type", TarsyClient.JSON)
                        .POST(BodyPublishers.ofString(Json.write(Sample.session("by-a-program"))))
                        .build());
        assertThat(written.statusCode()).as(written.body()).isEqualTo(201);
        assertThat(get(LIST + "/by-a-program", "Authorization", bearer).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aPersonIsLedToTheProviderAndBack() throws Exception {
        var browser = client().cookieHandler(new CookieManager())
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        var asked = send(browser, request("").header("Accept", "text/html").build());
        assertThat(asked.uri().toString()).startsWith(issuer.substring(0, issuer.indexOf("/oidc")));
        assertThat(asked.body()).contains("j_username");
        var form = asked.uri().resolve("j_security_check");
        var page = send(
                browser,
                HttpRequest.newBuilder(form)
                        .header("Accept", "text/html")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("j_username=ada&j_password=for+the+tests"))
                        .build());
        assertThat(page.uri().getPort())
                .as(page.uri() + page.body())
                .isEqualTo(server.root().getPort());
        assertThat(page.body()).contains("<title>TARSy History");
        assertThat(send(browser, request(LIST).build()).statusCode()).isEqualTo(200);
    }

    @Test
    void aServerThatCannotAskRefusesEverybody() {
        try (var payara =
                TestServer.start("payara", TestServer.freshDatabase("sqlite"), Map.of("HISTORY_SIGN_IN", "server"))) {
            payara.client().get(LIST).expect(401);
            payara.client().get(LIST, "Authorization", "Bearer nonsense").expect(400, 401); // 400 is the server's own
            payara.client().get("", "Accept", "text/html").expect(400, 401);
        }
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send(HttpClient.newHttpClient(), request(path).headers(headers).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.root().resolve(path)).timeout(Duration.ofSeconds(30));
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest request)
            throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    /** A token that the provider makes for one of its clients. */
    private String token(String client) throws IOException, InterruptedException {
        var answer = send(
                client().build(),
                HttpRequest.newBuilder(URI.create(issuer + "/token"))
                        .header("Authorization", "Basic " + basic(client, SECRET))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials&scope=openid"))
                        .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body()).path("access_token").asText();
    }

    /** The same claims for another name, under the old signature. */
    private static String forged(String token) {
        var parts = token.split("\\.", -1);
        var claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        var others = claims.replaceFirst("\"sub\":\"[^\"]*\"", "\"sub\":\"root\"");
        assertThat(others).isNotEqualTo(claims);
        return parts[0] + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(others.getBytes(StandardCharsets.UTF_8)) + "."
                + parts[2];
    }

    private static String basic(String name, String password) {
        return Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
