package io.tarsy.history.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewMessagesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{'role':'user','content':'a'}] | [{'content':'a','role':'user'}] | 1 | []
            [1,2,3] | [1,2] | 2 | [3]
            [1,2,3] | [1,2,4] | 2 | [3]
            [1,2] | [1,2,3] | 2 | []
            [1,2] | [2]     | 0 | [1,2]
            [{'b':1.50,'a':'é'}, 2] | [{'a':'\\u00e9','b':1.50}] | 1 | [2]
            [{'b':1.50}, 2] | [{'b':1.5}] | 0 | [{'b':1.50}, 2]
            [ [1] , {'messages':[7]} ] | [[1],{'messages':[7]}] | 2 | []
            """)
    void leavesOutWhatWasSaidBefore(String now, String then, int before, String left) {
        var found = NewMessages.of(conversation(now), conversation(then));

        assertThat(found.messagesBefore()).isEqualTo(before);
        assertThat(found.conversation()).isEqualTo(conversation(left));
    }

    private static String conversation(String messages) {
        return ("{'model':'m', 'messages': " + messages + ", 'n':1e2 }").replace('\'', '"');
    }

    @Test
    void leavesNothingOutWhereThereWasNone() {
        assertThat(NewMessages.of("{\"messages\":[1]}", null)).isEqualTo(new NewMessages("{\"messages\":[1]}", 0));
        assertThat(NewMessages.of("{\"messages\":[1]}", "{}")).isEqualTo(new NewMessages("{\"messages\":[1]}", 0));
        assertThat(NewMessages.of("{}", "{\"messages\":[1]}")).isEqualTo(new NewMessages("{}", 0));
    }
}
