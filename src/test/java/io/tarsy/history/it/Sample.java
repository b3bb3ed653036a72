package io.tarsy.history.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/** What an agent would send, with ids that nobody else has. */
final class Sample {

    /** A second of September 2025, so that no default of "now" is mistaken for it. */
    static final long START = 1_758_355_200_000_000L;

    private Sample() {}

    static String id() {
        return UUID.randomUUID().toString();
    }

    /** A word nobody else uses: as alert type it fences one test's rows off from all others. */
    static String word(String start) {
        return start + "-" + UUID.randomUUID().toString().substring(0, 13);
    }

    static ObjectNode session() {
        return session(id());
    }

    static ObjectNode session(String id) {
        return Json.object("""
                {'agent_type':'chain:kubernetes','chain_id':'kubernetes-chain','alert_type':'PodCrashLooping',
                 'alert_data':{'message':'pod restarts','namespace':'shop','severity':'critical'},
                 'status':'in_progress'}""").put("session_id", id).put("started_at_us", START);
    }

    static ObjectNode stage(String executionId, int index) {
        return Json.object()
                .put("execution_id", executionId)
                .put("stage_id", "stage_" + index)
                .put("stage_index", index)
                .put("stage_name", "investigation " + index)
                .put("agent", "KubernetesAgent")
                .put("status", "active")
                .put("started_at_us", START + 1000L * index);
    }

    static ObjectNode llm(String id) {
        var llm = Json.object("""
                {'model_name':'gemini-2.5-flash','provider':'google','temperature':0.1,'success':true,
                 'duration_ms':3600,'input_tokens':200,'output_tokens':30,
                 'conversation':{'messages':[{'role':'user','content':'why?'},
                                             {'role':'assistant','content':'Final Answer: the quota.'}]}}""");
        return llm.put("interaction_id", id).put("timestamp_us", START + 5000);
    }

    static ObjectNode mcp(String id) {
        var mcp = Json.object("""
                {'server_name':'kubernetes-server','communication_type':'tool_call','tool_name':'resources_get',
                 'tool_arguments':{'kind':'Pod'},'tool_result':{'result':'phase: Running'},'success':true,
                 'duration_ms':310}""");
        return mcp.put("communication_id", id).put("timestamp_us", START + 4000);
    }

    /** The same as a line of a batch. */
    static ObjectNode line(String kind, String session, JsonNode content) {
        var line = Json.object().put("kind", kind).put("session_id", session);
        line.setAll((ObjectNode) content);
        return line;
    }
}
