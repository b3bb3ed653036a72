package io.tarsy.history.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadlineTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'message':'How many pods are there?','source':'slack'}                     | How many pods are there?
            {'source':'slack','title':'Pod is crash looping.','message':'Crashing x'}   | Pod is crash looping.
            {'title':'CPUThrottlingHigh.','description':'100% throttling of CPU'}       | 100% throttling of CPU
            {'title':'KubeJobFailed','description':'','subject':{'name':'scraper'},'message':'07_job'} | KubeJobFailed: scraper
            {'title':'Watchdog','subject':{},'context':{'text':'quite another thing'}}   | Watchdog
            {'alertname':'OOMKilled','pod':'cart-7f9c','namespace':'shop'}              | OOMKilled: cart-7f9c
            {'receiver':'r','alerts':[{'labels':{'alertname':'A','pod':'p'},'annotations':{'summary':'It is full'}}]} | It is full
            {'commonLabels':{'alertname':'DiskFull','instance':'db-1'}}                 | DiskFull: db-1
            {'alert':{'payload':{'Summary':'Deep but said'}},'more':{'title':'Not so far out'}} | Deep but said
            {'alert_name':'A','alertName':'B'}                                          | A
            {'n':1,'list':['first string',2],'other':'second'}                          | first string
            {'message':7,'title':null,'text':'said'}                                    | said
            """)
    void isWhatAPersonWouldSay(String alert, String headline) {
        assertThat(Headline.of(alert.replace('\'', '"'))).isEqualTo(headline);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"n\":1,\"o\":{\"a\":[]}}", "{\"message\":\" \\n\\t\"}", "", "{", "no json"})
    void isNothingWhereNothingIsSaid(String alert) {
        assertThat(Headline.of(alert)).isNull();
    }

    @Test
    void isOneLineOfWhatCanBeSeen() {
        assertThat(Headline.of("{\"message\":\"\\n \\u001b[31mred\\u001b[0m\\talert\\u0000 \\u202eturned\\ud800\\n"
                        + "second line\"}"))
                .isEqualTo("red alert turned");
        assertThat(Headline.of("{\"message\":\"\\u001b]8;;http://x\\u0007link\\u001b]8;;\\u0007 caf\\u00e9 😀\"}"))
                .isEqualTo("link café 😀");
    }

    @Test
    void goesOnWhereTheFirstLineOnlyLeadsToTheNext() {
        assertThat(Headline.of("{\"message\":\"Tools:\\n - one\\n - two\"}")).isEqualTo("Tools: - one");
        assertThat(Headline.of("{\"message\":\"**@user** • 2025-09-08T11:32:33Z • (in thread)\\nIt is down\\nnow\"}"))
                .isEqualTo("**@user** • 2025-09-08T11:32:33Z • (in thread) It is down");
        assertThat(Headline.of("{\"message\":\"Tools:\"}")).isEqualTo("Tools:");
    }

    @Test
    void isNotLong() {
        var long1 = Headline.of("{\"message\":\"" + "word ".repeat(1_000) + "\"}");
        var long2 = Headline.of("{\"message\":\"x" + "😀".repeat(1_000) + "\"}");

        assertThat(long1).hasSizeLessThanOrEqualTo(200).endsWith("word…");
        assertThat(long2).hasSizeLessThanOrEqualTo(200).endsWith("😀…");
    }

    @Test
    void isFoundInTheBeginningOfALongAlert() {
        var tail = ",\"log\":\"" + "y".repeat(100_000) + "\"}";

        assertThat(Headline.of("{\"title\":\"It is full\"" + tail)).isEqualTo("It is full");
        assertThat(Headline.of("{\"message\":\"It is \\\"" + "full ".repeat(100_000) + "\"}"))
                .startsWith("It is \"full full");
        assertThat(Headline.of("{\"message\":\"" + "\\u00e9 ".repeat(100_000) + "\"}"))
                .startsWith("é é");
        assertThat(Headline.of("{\"log\":\"" + "y".repeat(100_000) + "\",\"title\":\"too late\"}"))
                .startsWith("yyy");
    }
}
