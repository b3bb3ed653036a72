package io.tarsy.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/**
 * The manifests, put together as kustomize does and held against the schemas of Kubernetes: no unknown field, none
 * missing, none of another type.
 */
class KubernetesTest {

    private static final Path HOME = Path.of("server-config/kubernetes");
    private static final String NAME = "tarsy-history";
    private static final Gson GSON = new GsonBuilder()
            .registerTypeAdapter(OffsetDateTime.class, (JsonDeserializer<OffsetDateTime>)
                    (json, type, context) -> OffsetDateTime.parse(json.getAsString()))
            .registerTypeAdapter(Quantity.class, (JsonDeserializer<Quantity>)
                    (json, type, context) -> Quantity.fromString(json.getAsString()))
            .registerTypeAdapter(IntOrString.class, (JsonDeserializer<IntOrString>)
                    (json, type, context) -> json.getAsJsonPrimitive().isNumber()
                            ? new IntOrString(json.getAsInt())
                            : new IntOrString(json.getAsString()))
            .create();

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgres"})
    void areWhatTheSchemasSay(String overlay) throws IOException {
        var resources = resources(overlay);

        assertThat(resources)
                .extractingByKeys("Deployment", "Service", "NetworkPolicy")
                .doesNotContainNull();
        for (var resource : resources.values()) {
            validate(resource);
            assertThat(resource.getAsJsonObject("metadata").get("name").getAsString())
                    .isEqualTo(NAME);
        }
    }

    /** So that the test above is worth something. */
    @ParameterizedTest
    @CsvSource({
        "/spec/template/spec/containers/0/livenesProbe, {}",
        "/spec/template/spec/containers/0/resources/limit, {}",
        "/spec/replicas, two",
        "/spec/template/spec/containers/0/ports/0/containerPort, http"
    })
    void aFaultWouldBeFound(String path, String value) throws IOException {
        var deployment = one(resources("sqlite"), "Deployment");
        var patch = new JsonObject();
        patch.addProperty("op", "add");
        patch.addProperty("path", path);
        patch.add("value", GSON.fromJson(value.equals("{}") ? "{}" : "\"" + value + "\"", JsonElement.class));
        apply(patch, deployment);

        assertThat(catchThrowable(() -> validate(deployment))).isNotNull();
    }

    private static void validate(JsonObject resource) throws IOException {
        var kind = resource.get("apiVersion").getAsString() + " "
                + resource.get("kind").getAsString();
        switch (kind) {
            case "v1 ServiceAccount" -> {
                V1ServiceAccount.validateJsonElement(resource);
                read(resource, V1ServiceAccount.class);
            }
            case "v1 ConfigMap" -> {
                V1ConfigMap.validateJsonElement(resource);
                read(resource, V1ConfigMap.class);
            }
            case "v1 Service" -> {
                V1Service.validateJsonElement(resource);
                read(resource, V1Service.class);
            }
            case "v1 PersistentVolumeClaim" -> {
                V1PersistentVolumeClaim.validateJsonElement(resource);
                read(resource, V1PersistentVolumeClaim.class);
            }
            case "apps/v1 Deployment" -> {
                V1Deployment.validateJsonElement(resource);
                read(resource, V1Deployment.class);
            }
            case "policy/v1 PodDisruptionBudget" -> {
                V1PodDisruptionBudget.validateJsonElement(resource);
                read(resource, V1PodDisruptionBudget.class);
            }
            case "networking.k8s.io/v1 NetworkPolicy" -> {
                V1NetworkPolicy.validateJsonElement(resource);
                read(resource, V1NetworkPolicy.class);
            }
            default -> throw new AssertionError("no schema for " + kind);
        }
    }

    private static void read(JsonObject resource, Class<?> type) {
        assertThat(GSON.<Object>fromJson(resource, type)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgres"})
    void podsMayDoNothingThatTheyNeedNot(String overlay) throws IOException {
        var pod = pod(one(resources(overlay), "Deployment"));
        var container = pod.getAsJsonArray("containers").get(0).getAsJsonObject();
        var security = container.getAsJsonObject("securityContext");

        assertThat(pod.get("automountServiceAccountToken").getAsBoolean()).isFalse();
        assertThat(pod.getAsJsonObject("securityContext").get("runAsNonRoot").getAsBoolean())
                .isTrue();
        assertThat(pod.getAsJsonObject("securityContext")
                        .getAsJsonObject("seccompProfile")
                        .get("type")
                        .getAsString())
                .isEqualTo("RuntimeDefault");
        assertThat(security.get("allowPrivilegeEscalation").getAsBoolean()).isFalse();
        assertThat(security.get("readOnlyRootFilesystem").getAsBoolean()).isTrue();
        assertThat(security.getAsJsonObject("capabilities")
                        .getAsJsonArray("drop")
                        .get(0)
                        .getAsString())
                .isEqualTo("ALL");
        assertThat(container.getAsJsonArray("env").toString()).doesNotContainIgnoringCase("password");
        assertThat(container.keySet()).contains("startupProbe", "livenessProbe", "readinessProbe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgres"})
    void everySelectorFindsThePods(String overlay) throws IOException {
        var resources = resources(overlay);
        var labels = one(resources, "Deployment")
                .getAsJsonObject("spec")
                .getAsJsonObject("template")
                .getAsJsonObject("metadata")
                .getAsJsonObject("labels");
        for (var selector : selectors(resources)) {
            assertThat(labels.entrySet()).containsAll(selector.entrySet());
        }
    }

    private static List<JsonObject> selectors(Map<String, JsonObject> resources) {
        var found = new ArrayList<JsonObject>();
        found.add(spec(resources, "Service").getAsJsonObject("selector"));
        found.add(
                spec(resources, "NetworkPolicy").getAsJsonObject("podSelector").getAsJsonObject("matchLabels"));
        for (var kind : List.of("Deployment", "PodDisruptionBudget")) {
            if (resources.containsKey(kind)) {
                found.add(spec(resources, kind).getAsJsonObject("selector").getAsJsonObject("matchLabels"));
            }
        }
        return found;
    }

    private static JsonObject spec(Map<String, JsonObject> resources, String kind) {
        return one(resources, kind).getAsJsonObject("spec");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgres"})
    void everyVolumeIsThereAndMounted(String overlay) throws IOException {
        var pod = pod(one(resources(overlay), "Deployment"));
        var mounts = pod.getAsJsonArray("containers").get(0).getAsJsonObject().getAsJsonArray("volumeMounts");

        assertThat(names(pod.getAsJsonArray("volumes"))).containsExactlyInAnyOrderElementsOf(names(mounts));
    }

    private static List<String> names(Iterable<JsonElement> list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> one.getAsJsonObject().get("name").getAsString())
                .toList();
    }

    @Test
    void sqliteIsOneServerWithAVolumeOfItsOwn() throws IOException {
        var resources = resources("sqlite");
        var deployment = one(resources, "Deployment").getAsJsonObject("spec");

        assertThat(deployment.get("replicas").getAsInt()).isEqualTo(1);
        assertThat(deployment.getAsJsonObject("strategy").get("type").getAsString())
                .isEqualTo("Recreate");
        assertThat(one(resources, "PersistentVolumeClaim")
                        .getAsJsonObject("spec")
                        .getAsJsonArray("accessModes")
                        .toString())
                .isEqualTo("[\"ReadWriteOncePod\"]");
    }

    @Test
    void postgresIsTwoServersThatNeverAllGoAtOnce() throws IOException {
        var resources = resources("postgres");
        var deployment = one(resources, "Deployment").getAsJsonObject("spec");

        assertThat(deployment.get("replicas").getAsInt()).isEqualTo(2);
        assertThat(deployment.getAsJsonObject("strategy").toString())
                .isEqualTo("{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":0,\"maxSurge\":1}}");
        assertThat(pod(one(resources, "Deployment")).getAsJsonObject("affinity").keySet())
                .containsExactly("podAntiAffinity");
        assertThat(spec(resources, "PodDisruptionBudget").get("minAvailable").getAsInt())
                .isEqualTo(1);
        assertThat(one(resources, "ConfigMap").getAsJsonObject("data").toString())
                .contains("postgresql://tarsy@", "DATABASE_PASSWORD_FILE");
    }

    @Test
    void theImageIsOfThisVersion() throws IOException {
        var image = pod(one(resources("postgres"), "Deployment"))
                .getAsJsonArray("containers")
                .get(0)
                .getAsJsonObject()
                .get("image")
                .getAsString();
        assertThat(Files.readString(Path.of("pom.xml"))).contains("<version>" + image.split(":", -1)[1] + "</version>");
    }

    @Test
    void theOptionForPrometheusAsksForOurMetrics() throws IOException {
        var monitor = read(HOME.resolve("components/monitoring/service-monitor.yaml"))
                .get(0)
                .getAsJsonObject();
        var service = one(resources("postgres"), "Service");

        assertThat(monitor.get("apiVersion").getAsString()).isEqualTo("monitoring.coreos.com/v1");
        assertThat(monitor.getAsJsonObject("spec").keySet()).containsExactly("selector", "endpoints");
        assertThat(service.getAsJsonObject("metadata").getAsJsonObject("labels").entrySet())
                .containsAll(monitor.getAsJsonObject("spec")
                        .getAsJsonObject("selector")
                        .getAsJsonObject("matchLabels")
                        .entrySet());
        assertThat(monitor.getAsJsonObject("spec").getAsJsonArray("endpoints").toString())
                .isEqualTo("[{\"port\":\"http\",\"path\":\"/metrics\",\"interval\":\"15s\"}]");
    }

    private static JsonObject one(Map<String, JsonObject> resources, String kind) {
        return Objects.requireNonNull(resources.get(kind), kind);
    }

    private static JsonObject pod(JsonObject deployment) {
        return deployment.getAsJsonObject("spec").getAsJsonObject("template").getAsJsonObject("spec");
    }

    /** What an overlay comes to, by kind: as much of kustomize as these files use. */
    private static Map<String, JsonObject> resources(String overlay) throws IOException {
        var found = new LinkedHashMap<String, JsonObject>();
        gather(HOME.resolve("overlays").resolve(overlay), found);
        return found;
    }

    private static void gather(Path folder, Map<String, JsonObject> found) throws IOException {
        var kustomization = read(folder.resolve("kustomization.yaml")).get(0).getAsJsonObject();
        assertThat(List.of("apiVersion", "kind", "resources", "patches")).containsAll(kustomization.keySet());
        for (var resource : kustomization.getAsJsonArray("resources")) {
            var path = folder.resolve(resource.getAsString()).normalize();
            if (Files.isDirectory(path)) {
                gather(path, found);
            } else {
                for (var one : read(path)) {
                    found.put(one.getAsJsonObject().get("kind").getAsString(), one.getAsJsonObject());
                }
            }
        }
        if (kustomization.has("patches")) {
            for (var patch : kustomization.getAsJsonArray("patches")) {
                var target = patch.getAsJsonObject().getAsJsonObject("target");
                var resource = one(found, target.get("kind").getAsString());
                assertThat(target.get("name").getAsString()).isEqualTo(NAME);
                for (var step : read(folder.resolve(
                                patch.getAsJsonObject().get("path").getAsString()))
                        .get(0)
                        .getAsJsonArray()) {
                    apply(step.getAsJsonObject(), resource);
                }
            }
        }
    }

    /** One step of a JSON patch (RFC 6902): add or replace. */
    private static void apply(JsonObject step, JsonElement document) {
        var path = step.get("path").getAsString().substring(1).split("/", -1);
        var parent = document;
        for (int i = 0; i < path.length - 1; i++) {
            parent = parent.isJsonArray()
                    ? parent.getAsJsonArray().get(Integer.parseInt(path[i]))
                    : parent.getAsJsonObject().get(path[i]);
        }
        var last = path[path.length - 1];
        var value = step.get("value");
        boolean replaces = step.get("op").getAsString().equals("replace");
        if (parent.isJsonArray()) {
            if (replaces) {
                parent.getAsJsonArray().set(Integer.parseInt(last), value);
            } else {
                assertThat(last).isEqualTo("-");
                parent.getAsJsonArray().add(value);
            }
        } else {
            assertThat(!replaces || parent.getAsJsonObject().has(last))
                    .as("there is a %s to replace", last)
                    .isTrue();
            parent.getAsJsonObject().add(last, value);
        }
    }

    private static List<JsonElement> read(Path file) throws IOException {
        var documents = new ArrayList<JsonElement>();
        for (var document : new Yaml().loadAll(Files.readString(file))) {
            documents.add(new Gson().toJsonTree(document));
        }
        return documents;
    }
}
