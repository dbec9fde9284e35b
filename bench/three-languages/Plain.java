import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/**
 * The second stage of the benchmark of three languages as a plain program: a line in, a line out, with Jackson bound to the same
 * records. Values are read and written as one sequence over buffered bytes, which is the fastest way that Jackson's own binding has.
 */
public final class Plain {
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Service.Early.class, name = "Early"),
        @JsonSubTypes.Type(value = Service.OnTime.class, name = "OnTime"),
        @JsonSubTypes.Type(value = Service.Late.class, name = "Late")
    })
    private interface Tagged {}

    public static void main(String[] arguments) throws IOException {
        var mapper = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
                .addMixIn(Service.Status.class, Tagged.class)
                .build();
        var service = new Service();
        var reader = mapper.readerFor(Service.Leg.class);
        var writer = mapper.writerFor(Service.Priced.class).withRootValueSeparator("\n");
        try (var in = new FileInputStream(FileDescriptor.in);
                var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16)) {
            MappingIterator<Service.Leg> legs = reader.readValues(in);
            try (SequenceWriter priced = writer.writeValues(out)) {
                while (legs.hasNextValue()) priced.write(service.price(legs.nextValue()));
            }
            out.write('\n');
        }
    }
}
