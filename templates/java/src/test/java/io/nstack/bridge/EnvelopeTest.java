package io.nstack.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nstack.json.JsonReader;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Frames that are not as the hub writes them. */
class EnvelopeTest {
    public static class Echo {
        public String text(String value) {
            return value;
        }
    }

    private Server server;

    @BeforeEach
    void start() {
        server = new Server(() -> Echo.class, frame -> {});
        answer("{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'protocol':1,'api':{'text':{}}}}");
    }

    /** The answer to a frame that has ' for ". */
    private String answer(String frame) {
        byte[] bytes = frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(bytes, bytes.length + 1 + JsonReader.PADDING);
        padded[bytes.length] = '\n';
        return server.handle(padded, 0, bytes.length, true).toString().replace('"', '\'');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':[],'id':7,'params':{'items':['a'],'function':'text'},'method':'$/block','jsonrpc':'2.0'}",
                "{'id':7,'params':{'items':['a'],'function':'text'},'method':7,'method':'$/block','jsonrpc':'2.0'}",
                "{'jsonrpc':'1.0','jsonrpc':'2.0','id':7,'method':'$/block','params':[],'params':{'items':['a'],'function':'text'}}",
                "{'jsonrpc':'2.0','id':7,'method':'$/block','params':{'function':5,'function':'text','items':['a']}}",
                "{'jsonrpc':'2.0','id':7,'method':'$/block','params':{'function':'text','items':5,'items':['a']}}",
                "{'jsonrpc':'2.0','id':7,'method':'$/block','params':{'function':'text','items':['a']},'id':8,'id':7}"
            })
    void theLastOfTwoMembersCounts(String frame) {
        assertEquals("{'jsonrpc':'2.0','id':7,'result':{'items':['a']}}", answer(frame));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'jsonrpc':'2.0','id':7,'id':[],'method':'text','params':['a']}",
                "{'jsonrpc':'2.0','id':7,'method':'text','method':7,'params':['a']}",
                "{'jsonrpc':'2.0','id':7,'method':'text','params':['a'],'jsonrpc':2.0}",
                "{'jsonrpc':'2.0','id':-7,'method':'$/block','params':{'function':'text','items':['a']}}",
                "{'jsonrpc':'2.0','id':1000000000000000,'method':'$/block','params':{'function':'text','items':['a']}}"
            })
    void whatIsNoRequestHasNoId(String frame) {
        String answer = answer(frame);
        assertTrue(
                answer.startsWith("{'jsonrpc':'2.0','id':null,'error':{'code':-32600,"), answer);
    }

    @Test
    void aBlockWithoutItsFunctionDoesNotFit() {
        String answer =
                answer(
                        "{'jsonrpc':'2.0','id':7,'method':'$/block','params':{'function':'text','function':5,'items':['a']}}");
        assertTrue(answer.startsWith("{'jsonrpc':'2.0','id':7,'error':{'code':-32602,"), answer);
    }
}
