package io.tarsy.history.session;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarsy.history.http.ProblemException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as a conversation with a model. */
class ConversationTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[{'role':'user','content':'hello'}]}",
                "{'messages':[{'role':'user','content':''}]}",
                "{'messages':[{'role':'user','content':[{'type':'text','text':'hello'}]}]}",
                "{'messages':[{'role':'assistant','content':null,'tool_calls':[{'id':'1'}]}]}",
                "{'messages':[{'role':'assistant','tool_calls':[{'id':'1'}]}]}",
                "{'model':'m','extra':{'messages':5},'messages':[{'content':'x','role':'tool','name':'n'}]}",
            })
    void isTaken(String conversation) {
        assertThatCode(() -> Conversation.check(conversation.replace('\'', '"'), 10))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | conversation.messages",
                "{'messages':[]} | conversation.messages",
                "{'messages':{}} | conversation.messages",
                "{'messages':['hello']} | conversation.messages[0]",
                "{'messages':[{'role':'user','content':'a'},{'content':'b'}]} | conversation.messages[1].role",
                "{'messages':[{'role':' ','content':'b'}]} | conversation.messages[0].role",
                "{'messages':[{'role':'user'}]} | conversation.messages[0].content",
                "{'messages':[{'role':'user','content':5}]} | conversation.messages[0].content",
                "{'messages':[{'role':'user','content':5,'tool_calls':[]}]} | conversation.messages[0].content",
                "{'messages':[{'role':'a','content':'b'},{'role':'a','content':'b'},{'role':'a','content':'b'}]}"
                        + " | conversation.messages",
            })
    void isRefusedByTheNameOfWhatIsWrong(String conversation, String field) {
        assertThatThrownBy(() -> Conversation.check(conversation.replace('\'', '"'), 2))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    org.assertj.core.api.Assertions.assertThat(refused.problem().status())
                            .isEqualTo(422);
                    org.assertj.core.api.Assertions.assertThat(
                                    refused.errors().get(0).field())
                            .isEqualTo(field);
                });
    }
}
