package io.tarsy.history.it;

import static io.tarsy.history.it.TarsyClient.encoded;
import static io.tarsy.history.it.TarsyClient.session;
import static io.tarsy.history.it.TarsyClient.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions are found by words, wherever these stand and whether their session has come to rest or not. */
class SearchIT {
    private final TarsyClient tarsy = TestServer.shared().client();
    private final String fence = Sample.word("search");

    /** A session among those of this test. */
    private String begins(String change) {
        var session = Sample.session().put("alert_type", fence);
        session.setAll(Json.object(change));
        return tarsy.createsSession(session);
    }

    private JsonNode page(String search, String more) {
        return tarsy.get(sessions() + "?alert_type=" + fence + "&search=" + encoded(search) + more)
                .expect(200)
                .json();
    }

    private List<String> finds(String search) {
        return ids(page(search, "&page_size=250"));
    }

    private static List<String> ids(JsonNode page) {
        return listed(page.path("sessions")).stream()
                .map(row -> row.path("session_id").asText())
                .toList();
    }

    private static List<JsonNode> listed(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** Every session is made anew from its texts, and so comes into the index at once. */
    private void settle() throws InterruptedException {
        tarsy.post("api/v1/system/search/rebuild", "").expect(202);
        for (int tries = 0; left() > 0; tries++) {
            assertThat(tries).as("waited for the index").isLessThan(600);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private long left() {
        return tarsy.get("api/v1/system/search")
                .expect(200)
                .json()
                .path("sessions_to_make_anew")
                .longValue();
    }

    private void agrees() {
        assertThat(different()).isEmpty();
    }

    /** The sessions of which the index says something else than their texts. */
    private List<String> different() {
        var different = new ArrayList<String>();
        for (var after = ""; !after.equals("null"); ) {
            var seen = tarsy.post("api/v1/system/search/check?limit=5000&after=" + after, "")
                    .expect(200)
                    .json();
            seen.path("different").forEach(one -> different.add(one.asText()));
            assertThat(seen.path("agrees").booleanValue())
                    .isEqualTo(seen.path("different").isEmpty());
            after = seen.path("next_after").asText();
        }
        return different;
    }

    @BeforeEach
    void somethingElseIsThere() {
        begins("{'alert_data':{'message':'nothing of interest'}}");
    }

    @Test
    @Tag("smoke")
    void looksIntoEverythingThatWasSaid() throws InterruptedException {
        var id = begins(
                "{'chain_id':'c-chainword','agent_type':'a-agentword','session_metadata':{'deep':[{'k':'metaword'}]},"
                        + "'alert_data':{'list':['alertword',{'keyword':'valueword'}],'number':5},'error_message':'errorword'}");
        tarsy.patchesSession(id, "{'final_analysis':'# Root cause\\n\\nanalysisword'}");
        var stage = Sample.stage(Sample.id(), 0).put("stage_name", "stageword").put("error_message", "stagefault");
        tarsy.addsStage(id, stage).expect(201);
        var llm = Sample.id();
        tarsy.recordsLlm(
                        id,
                        Sample.llm(llm)
                                .set(
                                        "conversation",
                                        Json.object(
                                                "{'messages':[{'role':'user','content':'saidword'},"
                                                        + "{'role':'assistant','content':[{'type':'text','text':'partword'}]}]}")))
                .expect(201);
        var mcp = Sample.id();
        var call = Sample.mcp(mcp).put("tool_name", "tool_nameword");
        call.set("tool_arguments", Json.object("{'query':{'q':'argumentword'}}"));
        call.set("tool_result", Json.object("{'result':'resultword'}"));
        tarsy.recordsMcp(id, call).expect(201);

        for (var settled : List.of(false, true)) {
            if (settled) {
                settle();
            }
            var places = Map.ofEntries(
                    Map.entry("chainword", "chain_id"),
                    Map.entry("agentword", "agent_type"),
                    Map.entry("metaword", "session_metadata"),
                    Map.entry("alertword", "alert_data"),
                    Map.entry("valueword", "alert_data"),
                    Map.entry("errorword", "error_message"),
                    Map.entry("analysisword", "final_analysis"),
                    Map.entry("stageword", stage.path("execution_id").asText()),
                    Map.entry("stagefault", stage.path("execution_id").asText()),
                    Map.entry("saidword", llm),
                    Map.entry("partword", llm),
                    Map.entry("nameword", mcp),
                    Map.entry("argumentword", mcp),
                    Map.entry("resultword", mcp));
            places.forEach((word, where) -> {
                var found = page(word, "");
                assertThat(ids(found)).as(word).containsExactly(id);
                var match = found.at("/sessions/0/matches/0");
                assertThat(match.path("where").asText()).as(word).isEqualTo(where);
                assertThat(match.path("snippet").asText())
                        .contains("\uE000")
                        .contains(word)
                        .contains("\uE001");
            });
            assertThat(finds("saidword analysisword stagefault")).containsExactly(id);
            assertThat(finds(fence)).contains(id);
            assertThat(finds("keyword")).as("names of members are no text").isEmpty();
        }
        agrees();
    }

    @ParameterizedTest
    @Tag("smoke")
    @CsvSource(delimiter = '|', textBlock = """
            the pod was OOMKilled twice       | oomkilled, killed, OOM, oom*, kill*, "pod was", "the pod was OOMKilled", pod -thrice | kil, podwas, "was pod", "pod OOMKilled", pod -twice, pod -"was OOMKilled", pod -kill*
            my-app-7f9c is away               | my-app-7f9c, my-app, app-7f9c, 7f9c, MY-APP-7F*, my.app, "my app" | my-7f9c, app-my, 7f, my-app-8*
            api.prod.example.com:6443/healthz | api.prod.example.com:6443, example.com, prod.example, 6443, healthz, exam* | example.org, com.example, pi.prod.example
            ERR_CONNECTION_REFUSED            | err_connection_refused, connection, CONNECTION_REF*        | connectionrefused, err_refused
            Die Größe der Café-Maschine       | grosse, GRÖSSE, cafe, café, "cafe maschine", cafe\u0301, CAFE\u0301* | gross, caf
            节点 内存不足, 메모리 부족            | 内存, 存不, 不足, 内存不足, 메모, 모리, 부족, 节点 内存          | 内不, 足内, 리족
            50% of it's a\\b c_d              | 50%, it's, a\\b, c_d, "50% of", '50'                       | 5, 50%it
            """)
    void findsWordsWholeOrByTheirBeginning(String text, String found, String notFound) throws InterruptedException {
        var id = begins("{}");
        tarsy.recordsLlm(
                        id,
                        Sample.llm(Sample.id())
                                .set("conversation", Json.object("{}").set("messages", Json.parse("[]"))))
                .expect(422);
        var said = Sample.llm(Sample.id());
        ((com.fasterxml.jackson.databind.node.ObjectNode) said.at("/conversation/messages/0")).put("content", text);
        tarsy.recordsLlm(id, said).expect(201);
        for (var settled : List.of(false, true)) {
            if (settled) {
                settle();
            }
            for (var search : split(found)) {
                assertThat(finds(search)).as(search + " in " + text).containsExactly(id);
            }
            for (var search : split(notFound)) {
                assertThat(finds(search)).as(search + " in " + text).isEmpty();
            }
        }
    }

    private static List<String> split(String searches) {
        return Arrays.stream(searches.split(","))
                .map(String::strip)
                .map(one ->
                        one.codePoints().anyMatch(point -> point > 0x3000) || one.length() > 2 ? one : one + " " + one)
                .toList();
    }

    @Test
    void aWordIsForgottenWithItsTextAndASessionWithItsRow() throws InterruptedException {
        var id = begins("{'error_message':'firstguess'}");
        var other = begins("{'error_message':'firstguess'}");
        settle();
        tarsy.patchesSession(id, "{'error_message':'secondguess'}");

        assertThat(finds("firstguess")).containsExactly(other);
        assertThat(finds("secondguess")).containsExactly(id);
        assertThat(finds("second* -firstguess")).containsExactly(id);
        settle();
        assertThat(finds("firstguess")).containsExactly(other);
        assertThat(finds("secondguess")).containsExactly(id);

        tarsy.delete(session(id)).expect(204);
        assertThat(finds("secondguess")).isEmpty();
        agrees();
    }

    @Test
    void whatIsWrittenToASettledSessionIsFoundAtOnce() throws InterruptedException {
        var id = begins("{'alert_data':{'m':'before'}}");
        settle();
        assertThat(finds("before -after")).containsExactly(id);
        var said = Sample.llm(Sample.id());
        ((com.fasterxml.jackson.databind.node.ObjectNode) said.at("/conversation/messages/0")).put("content", "after");
        tarsy.recordsLlm(id, said).expect(201);

        assertThat(finds("before after")).containsExactly(id);
        assertThat(finds("before -after")).isEmpty();
    }

    /** More different words than an entry takes. */
    @Test
    void whatIsSaidIsFoundHoweverMuchALogPrints() throws InterruptedException {
        var digest = "0123456789abcdef".repeat(8);
        var id = begins("{'alert_data':{'m':'zulu yankee 数据库 " + digest + "'}}");
        var log = IntStream.range(0, 40_000)
                .mapToObj(at -> at + " took " + new UUID((at * 7_919L) << 32, at * 104_729L))
                .collect(Collectors.joining("\n"));
        var printed = Sample.mcp(Sample.id());
        printed.set("tool_result", Json.object().put("log", log));
        tarsy.recordsMcp(id, printed).expect(201);
        for (var settled : List.of(false, true)) {
            if (settled) {
                settle();
            }
            for (var search : List.of("\"zulu yankee\"", "数据库", "took", digest.substring(0, 127) + "*", digest)) {
                assertThat(finds(search)).as(search).containsExactly(id);
            }
            assertThat(finds(digest.substring(0, 127))).isEmpty();
        }
        agrees();
        assertThat(page("took", "").at("/search/sessions_with_cut_bodies").longValue())
                .isPositive();
        tarsy.delete(session(id)).expect(204); // each rebuild would read it again
    }

    @Test
    void aPhraseStandsInOneTextAndInOneOrder() throws InterruptedException {
        var whole = begins("{'alert_data':{'m':'out of memory'}}");
        begins("{'alert_data':{'a':'out of','b':'of memory','c':'out'}}");
        begins("{'alert_data':{'m':'memory of out'}}");
        for (var settled : List.of(false, true)) {
            if (settled) {
                settle();
            }
            assertThat(finds("\"out of memory\"")).containsExactly(whole);
            assertThat(finds("out-of-memory")).containsExactly(whole);
            assertThat(finds("out of memory")).hasSize(3);
            assertThat(finds("out -\"out of memory\"")).hasSize(2).doesNotContain(whole);
            assertThat(page("\"out of memory\"", "")
                            .at("/pagination/total_items")
                            .intValue())
                    .isEqualTo(1);
        }
    }

    @Test
    void whatIsExcludedAloneLeavesTheRest() {
        var with = begins("{'alert_data':{'m':'leaveout'}}");
        var without = begins("{'alert_data':{'m':'other'}}");
        assertThat(finds("-leaveout")).contains(without).doesNotContain(with).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "' or 1=1 --",
                "a & b | !c <-> (d)",
                "NEAR(pod crash, 5)",
                "pod AND (crash",
                "col:pod ^pod pod^2",
                "\\\\'\\'",
                "\"\"\"\"\"\"",
                "* * *",
                "-*- pod",
                "pod:*A",
                "\u0000\u0001pod",
                "%25%zz",
                "\uD800 pod",
                "{}[]()<>pod",
                "-a -b -c -d",
                "ab*",
                "'pod':* & 'crash'",
                "\"pod\" * \"",
                "select pod; drop table alert_sessions"
            })
    @Tag("smoke")
    void nobodyBreaksTheQuestion(String search) {
        var answer = tarsy.get(sessions() + "?search=" + encoded(search));
        assertThat(answer.status()).as(search).isIn(200, 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "...", "%%%%", "\uD83D\uDC69\uD83D\uDC69\uD83D\uDC69"})
    void whatCannotBeLookedForIsNamed(String search) {
        var problem =
                tarsy.get(sessions() + "?search=" + encoded(search)).expect(422).json();
        assertThat(problem.at("/errors/0/field").asText()).isEqualTo("search");
        tarsy.get(sessions() + "?search=" + "x".repeat(201)).expect(422);
    }

    @Test
    void onlyWhiteSpaceIsNoSearch() {
        var page = tarsy.get(sessions() + "?alert_type=" + fence + "&search=%20%20")
                .expect(200)
                .json();
        assertThat(page.path("sessions")).hasSize(1);
        assertThat(page.path("filters_applied").has("search")).isFalse();
    }

    @Test
    void pagesThroughExactlyWhatMatchesByEveryOrder() throws InterruptedException {
        var expected = new TreeSet<String>();
        for (int i = 0; i < 23; i++) {
            var id = begins(
                    "{'started_at_us':" + (Sample.START + i / 3) + ",'status':'" + (i % 2 == 0 ? "pending" : "paused")
                            + "','alert_data':{'m':'" + (i % 3 == 0 ? "other" : "page-me now") + "'}}");
            if (i % 3 != 0 && i % 2 == 0) {
                expected.add(id);
            }
            if (i == 11) {
                settle();
            }
        }
        for (var search : List.of("page-me", "\"page me now\"")) {
            for (var sort : List.of("started_at_us", "status", "duration_ms", "session_total_tokens")) {
                for (var order : List.of("asc", "desc")) {
                    var seen = new ArrayList<String>();
                    var cursor = "";
                    do {
                        var page = page(
                                search,
                                "&status=pending&page_size=3&sort_by=" + sort + "&sort_order=" + order
                                        + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
                        assertThat(page.at("/pagination/total_items").intValue())
                                .isEqualTo(expected.size());
                        seen.addAll(ids(page));
                        cursor = page.at("/pagination/next_cursor").asText();
                    } while (!cursor.equals("null"));
                    assertThat(seen)
                            .as(search + sort + order)
                            .doesNotHaveDuplicates()
                            .hasSameElementsAs(expected);
                }
            }
        }
        assertThat(ids(page("page-me", "&page_size=5&page=2"))).hasSize(5);
    }

    /** The rule of the contract read by brute force, over texts of a few words so that everything happens. */
    @Test
    @Tag("smoke")
    void answersAsReadingEverythingWould() throws InterruptedException {
        var random = new Random(7);
        var vocabulary = List.of("pod", "node", "kube", "system", "crash", "loop", "oom", "killed", "mem", "memory");
        var texts = new LinkedHashMap<String, List<List<String>>>();
        for (int i = 0; i < 30; i++) {
            var all = new ArrayList<List<String>>();
            var id = begins(
                    "{'alert_data':{'m':'" + text(random, vocabulary, all) + "'},'chain_id':'x','agent_type':'y'}");
            for (int more = 0; more < i % 4; more++) {
                var said = Sample.llm(Sample.id());
                said.set(
                        "conversation",
                        Json.object(
                                "{'messages':[{'role':'user','content':'" + text(random, vocabulary, all) + "'}]}"));
                tarsy.recordsLlm(id, said).expect(201);
            }
            texts.put(id, all);
            if (i == 20) {
                settle();
            }
        }
        for (int i = 0; i < 120; i++) {
            var terms = new ArrayList<String>();
            for (int count = 0; count <= random.nextInt(3); count++) {
                terms.add(term(random, vocabulary));
            }
            var expected = texts.entrySet().stream()
                    .filter(one -> terms.stream().allMatch(term -> holds(one.getValue(), term)))
                    .map(Map.Entry::getKey)
                    .toList();
            var search = String.join(" ", terms);
            if (expected.isEmpty() || terms.stream().anyMatch(term -> !term.startsWith("-"))) {
                var page = page(search, "&chain_id=x&page_size=250");
                assertThat(ids(page)).as(search).hasSameElementsAs(expected).doesNotHaveDuplicates();
                assertThat(page.at("/pagination/total_items").intValue()).isEqualTo(expected.size());
            }
        }
        agrees();
    }

    @Test
    void aCheckFindsWhatIsWrongAndARebuildMendsIt() throws Exception {
        var word = Sample.word("mend");
        var id = begins("{'alert_data':{'message':'" + word + "'}}");
        settle();
        var found = tarsy.get(sessions() + "?search=" + encoded(word));
        assertThat(ids(found.json())).containsExactly(id);
        for (var damage : List.of(
                "update search_order set started_at_us = started_at_us + 1",
                "delete from search_order",
                "update search_sessions set lexemes = null")) {
            TestServer.shared().execute(damage + " where session_id = '" + id + "'");
            assertThat(different()).as(damage).contains(id);
            settle();
            agrees();
            assertThat(tarsy.get(sessions() + "?search=" + encoded(word)).json().path("sessions"))
                    .as(damage)
                    .isEqualTo(found.json().path("sessions"));
        }
    }

    private static String text(Random random, List<String> vocabulary, List<List<String>> all) {
        var words =
                random.ints(6, 0, vocabulary.size()).mapToObj(vocabulary::get).toList();
        all.add(words);
        return String.join(random.nextBoolean() ? " " : "-", words);
    }

    private static String term(Random random, List<String> vocabulary) {
        var words = random.ints(1 + random.nextInt(3), 0, vocabulary.size())
                .mapToObj(vocabulary::get)
                .collect(Collectors.joining("-"));
        return (random.nextInt(4) == 0 ? "-" : "") + words + (random.nextInt(4) == 0 ? "*" : "");
    }

    private static boolean holds(List<List<String>> texts, String term) {
        boolean excluded = term.startsWith("-");
        boolean prefix = term.endsWith("*");
        var words = List.of(term.replace("*", "").substring(excluded ? 1 : 0).split("-"));
        boolean found = texts.stream().anyMatch(text -> {
            for (int at = 0; at + words.size() <= text.size(); at++) {
                boolean all = true;
                for (int word = 0; word < words.size(); word++) {
                    boolean open = prefix && word == words.size() - 1;
                    var here = text.get(at + word);
                    all &= open ? here.startsWith(words.get(word)) : here.equals(words.get(word));
                }
                if (all) {
                    return true;
                }
            }
            return false;
        });
        return found != excluded;
    }

    @Test
    @Tag("smoke")
    void findsWithinASessionInTheOrderOfTime() {
        var id = begins("{}");
        var expected = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            var llm = Sample.llm(Sample.id()).put("timestamp_us", Sample.START + 100 - i);
            llm.set(
                    "conversation",
                    Json.object("{'messages':[{'role':'user','content':'turn " + (i % 2 == 0 ? "needle-" + i : "hay")
                            + "'}]}"));
            tarsy.recordsLlm(id, llm).expect(201);
            if (i % 2 == 0) {
                expected.add(0, llm.path("interaction_id").asText());
            }
        }
        var seen = new ArrayList<String>();
        var after = "";
        do {
            var page = tarsy.get(session(id) + "/interactions?limit=4&search=needle%20turn"
                            + (after.isEmpty() ? "" : "&after=" + after))
                    .expect(200)
                    .json();
            for (var row : page.path("interactions")) {
                seen.add(row.path("id").asText());
                assertThat(row.at("/matches/0/snippet").asText()).contains("\uE000needle\uE001");
                assertThat(row.at("/matches/0/where").asText())
                        .isEqualTo(row.path("id").asText());
            }
            after = page.at("/pagination/next_after").asText();
        } while (!after.equals("null"));
        assertThat(seen).isEqualTo(expected);
        tarsy.get(session(id) + "/interactions?search=..........").expect(422);
        tarsy.get(session("nobody") + "/interactions?search=needle").expect(404);
    }

    @Test
    void saysWhetherThisHasHappenedBefore() throws InterruptedException {
        var word = Sample.word("volume").replace("-", "");
        var earlier = begins("{'started_at_us':" + (Sample.START - 50) + ",'alert_type':'" + Sample.word("else")
                + "','alert_data':{'pod':'" + word + "','why':'" + word + "full'}}");
        tarsy.patchesSession(
                earlier, "{'status':'completed','final_analysis':'# Found\\n\\nThe disk was full.\\nMore\\nLast'}");
        var sameType = begins("{'started_at_us':" + (Sample.START - 40) + "}");
        var later = begins("{'started_at_us':" + (Sample.START + 40) + ",'alert_data':{'pod':'" + word + "'}}");
        var id = begins("{'alert_data':{'pod':'" + word + "','why':'" + word + "full'}}");
        settle();

        var answer = tarsy.get(session(id) + "/similar").expect(200).json();

        var found = listed(answer.path("similar"));
        assertThat(found)
                .extracting(one -> one.path("session_id").asText())
                .containsSubsequence(sameType, earlier)
                .doesNotContain(later, id);
        var best = found.get(found.size() - 1);
        assertThat(best.path("same_alert_type").booleanValue()).isFalse();
        assertThat(best.path("status").asText()).isEqualTo("completed");
        assertThat(best.path("final_analysis_beginning").asText()).isEqualTo("# Found\nThe disk was full.\nMore");
        assertThat(listed(best.path("shared_words")))
                .extracting(JsonNode::asText)
                .contains(word, word + "full");
        assertThat(listed(answer.path("telling_words")))
                .extracting(one -> one.path("word").asText())
                .contains(word, word + "full");
        tarsy.get(session("nobody") + "/similar").expect(404);
    }

    @Test
    void theDoctorLooksAtTheIndex() {
        var checks = tarsy.get("api/v1/system/checks").expect(200).json().path("checks");
        assertThat(listed(checks)).anySatisfy(check -> {
            assertThat(check.path("name").asText()).isEqualTo("search_index");
            assertThat(check.path("status").asText()).isEqualTo("ok");
        });
    }
}
