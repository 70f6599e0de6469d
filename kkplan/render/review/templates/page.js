
// Without this, everything is there and open. It closes what is long, opens it for printing, and copies.
(function () {
  var details = document.querySelectorAll("details");
  function all(open) { details.forEach(function (one) { one.open = open; }); }
  all(false);
  var before = [];
  addEventListener("beforeprint", function () {
    before = Array.prototype.map.call(details, function (one) { return one.open; });
    all(true);
  });
  addEventListener("afterprint", function () { details.forEach(function (one, at) { one.open = before[at]; }); });
  document.querySelectorAll("button[hidden]").forEach(function (button) {
    var code = button.parentNode.parentNode.querySelector("pre"), label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", function () {
      var selection = getSelection(), range = document.createRange();
      range.selectNodeContents(code);
      selection.removeAllRanges();
      selection.addRange(range);
      if (document.execCommand("copy")) {
        selection.removeAllRanges();
        button.textContent = button.dataset.done;
        setTimeout(function () { button.textContent = label; }, 1500);
      }
    });
  });
})();
